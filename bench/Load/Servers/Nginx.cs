namespace AiPlatform.Bench.Servers;

/// <summary>nginx as a plain proxy that holds nothing back.</summary>
internal static class Nginx
{
    private const string Program = "nginx";

    public static string? Find() => ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"])
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);

    public static async Task<ServerProcess> StartAsync(string program, string folder, int port, Uri upstream, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var settings = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(settings, $$"""
            daemon off;
            worker_processes auto;
            pid {{folder}}/pid;
            error_log stderr warn;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                keepalive_requests 1000000;
                upstream vendor { server {{upstream.Authority}}; keepalive 1024; keepalive_requests 1000000; }
                server {
                    listen 127.0.0.1:{{port}};
                    location / {
                        proxy_pass http://vendor;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_buffering off;
                    }
                }
            }
            """, cancellationToken);
        return await ServerProcess.StartAsync(
            [program, "-p", folder, "-c", settings], folder, [], Path.Combine(folder, "log"), new Uri($"http://127.0.0.1:{port}/fake/stats"), cancellationToken);
    }
}
