using System.Text;
using Spectre.Console;

namespace Agent.CommandLine;

/// <summary>What a person reads: colours only on a terminal, lines as long as they are elsewhere.</summary>
static class Page
{
    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output { get; } = Create();

    /// <summary>A text in a style; what it says is no markup.</summary>
    public static string Styled(string text, string style) => $"[{style}]{Markup.Escape(text)}[/]";

    static IAnsiConsole Create()
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8; // a console there has the characters of one country
        var isPlain = Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 100_000;
        return console;
    }
}
