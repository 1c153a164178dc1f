namespace Agent.CommandLine;

/// <summary>Sentences on stderr, the program's name before them.</summary>
static class Say
{
    public static void Error(string sentence) => Console.Error.WriteLine($"agent: {sentence}");

    /// <returns>The exit code.</returns>
    public static int Wrong(string sentence)
    {
        Error(sentence);
        return ExitCode.SomethingIsWrong;
    }

    /// <returns>The exit code.</returns>
    public static int WrongUsage(string sentence)
    {
        Error(sentence);
        return ExitCode.WrongUsage;
    }
}
