namespace Agent.CommandLine;

/// <summary>How `agent run` is to start a program.</summary>
sealed record RunOptions
{
    /// <summary>--env.</summary>
    public string? Environment { get; init; }

    /// <summary>--otlp.</summary>
    public string? Otlp { get; init; }

    /// <summary>--set, each as NAME=VALUE.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>--view.</summary>
    public bool View { get; init; }

    /// <summary>--print.</summary>
    public bool Print { get; init; }

    /// <summary>
    /// The plain way to write them. Without the library for command lines, which would be a third of what `run` adds to a program's start.
    /// </summary>
    /// <param name="words">What stands between `run` and --.</param>
    /// <returns>Null for everything else: what is written in another way, what is wrong, help.</returns>
    public static RunOptions? OfPlain(ReadOnlySpan<string> words)
    {
        var options = new RunOptions();
        List<string> set = [];
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "--view")
            {
                options = options with { View = true };
                continue;
            }
            if (i + 1 == words.Length || words[i + 1].StartsWith('-'))
                return null;
            var value = words[++i];
            switch (words[i - 1])
            {
                case "--env" when options.Environment is null: options = options with { Environment = value }; break;
                case "--otlp" when options.Otlp is null && IsPlainAddress(value): options = options with { Otlp = value }; break;
                case "--set" when IsPair(value): set.Add(value); break;
                default: return null;
            }
        }
        return options.View && options.Otlp is not null ? null : options with { Set = set };
    }

    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>Without Uri, whose assembly takes milliseconds to load; what is not plain is looked at with it.</summary>
    static bool IsPlainAddress(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (text.Length == start || !text.StartsWith("http://", StringComparison.Ordinal) && !text.StartsWith("https://", StringComparison.Ordinal))
            return false;
        foreach (var character in text.AsSpan(start))
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or ':' or '/'))
                return false;
        }
        return char.IsAsciiLetterOrDigit(text[start]);
    }

    public static bool IsPair(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0;
}
