namespace Agent;

/// <summary>The one door for what the agent has to say: lines on stderr, never stdout, nothing on disk.</summary>
static class Log
{
    /// <summary>What is written; from OTEL_LOG_LEVEL.</summary>
    public static LogLevel Level { get; set; } = LogLevel.Info;

    /// <summary>Something does not work as it should; the app goes on.</summary>
    public static void Error(string message) => Write(LogLevel.Error, message);

    /// <summary>Something the user asked for cannot be done as asked.</summary>
    public static void Warn(string message) => Write(LogLevel.Warn, message);

    /// <summary>The line at start.</summary>
    public static void Info(string message) => Write(LogLevel.Info, message);

    /// <summary>What helps to find out why there is no data.</summary>
    public static void Debug(string message) => Write(LogLevel.Debug, message);

    static void Write(LogLevel level, string message)
    {
        if (level > Level)
            return;
        try
        {
            Console.Error.WriteLine($"Agent {AgentProcess.Version}: {message.ReplaceLineEndings(" ")}");
        }
        catch (IOException)
        {
            // stderr is closed or full: there is nobody left to tell, and the app goes on
        }
    }
}

/// <summary>The values of OTEL_LOG_LEVEL, each including those before it.</summary>
enum LogLevel
{
    None,
    Error,
    Warn,
    Info,
    Debug,
}
