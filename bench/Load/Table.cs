using System.Globalization;

namespace AiPlatform.Bench;

/// <summary>Figures by server, and below them the product's as multiples of each peer's.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private const int NameWidth = 24;
    private const int Gap = 2;

    private readonly List<(string Name, double?[] Figures)> _rows = [];

    /// <summary>Of figures below 10.</summary>
    public int Decimals { get; init; } = 2;

    public void Add(string name, params double?[] figures) => _rows.Add((name, figures));

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine("".PadRight(NameWidth) + string.Concat(columns.Select((column, index) => column.PadLeft(Width(index)))));
        foreach (var (name, figures) in _rows) PrintRow(name, figures, Format);
        if (_rows.LastOrDefault(row => row.Name == "aiplatform") is not { Figures: { } own }) return;
        foreach (var (name, figures) in _rows.Where(row => row.Name is "nginx" or "relay" or "before"))
            PrintRow($"aiplatform / {name}", [.. own.Zip(figures, (ours, theirs) => theirs is > 0 ? ours / theirs : null)], ratio => ratio.ToString("0.00x", CultureInfo.InvariantCulture));
    }

    private void PrintRow(string name, double?[] figures, Func<double, string> format) => Console.WriteLine(
        name.PadRight(NameWidth) + string.Concat(figures.Select((figure, index) => (figure is { } value ? format(value) : "-").PadLeft(Width(index)))));

    private int Width(int column) => Math.Max(columns[column].Length, 7) + Gap;

    private string Format(double value) => value switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString($"F{Decimals}", CultureInfo.InvariantCulture),
    };
}
