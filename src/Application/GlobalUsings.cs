global using AiPlatform.Domain.Usage;
