using System.Globalization;
using System.Reflection;
using Agent.Diagnosis;

namespace Agent;

/// <summary>The one door for what the agent has to say: lines on stderr, never stdout; in a file only where OTEL_DOTNET_AUTO_LOG_DIRECTORY asks for it.</summary>
static class Log
{
    static TextWriter? _file;

    /// <summary>What is written; from OTEL_LOG_LEVEL.</summary>
    public static LogLevel Level { get; set; } = LogLevel.Info;

    /// <summary>From here on as the settings say.</summary>
    public static void Start(Settings settings)
    {
        Level = settings.Logger == Logger.None ? LogLevel.None : settings.LogLevel;
        if (settings.Logger == Logger.File && Level != LogLevel.None && _file is null)
            OpenFile(settings.LogDirectory!);
    }

    /// <summary>Something does not work as it should; the app goes on.</summary>
    public static void Error(string message) => Write(LogLevel.Error, message);

    /// <summary>Something the user asked for cannot be done as asked.</summary>
    public static void Warn(string message) => Write(LogLevel.Warn, message);

    /// <summary>The line at start.</summary>
    public static void Info(string message) => Write(LogLevel.Info, message);

    /// <summary>What helps to find out why there is no data.</summary>
    public static void Debug(string message) => Write(LogLevel.Debug, message);

    static void OpenFile(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"agent-{Assembly.GetEntryAssembly()?.GetName().Name}-{Environment.ProcessId}.log");
            _file = TextWriter.Synchronized(new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Warn($"OTEL_DOTNET_AUTO_LOG_DIRECTORY={folder} is not accepted ({e.Message.TrimEnd('.')}); using stderr.");
        }
    }

    static void Write(LogLevel level, string message)
    {
        if (level > Level)
            return;
        var line = message.ReplaceLineEndings(" ");
        if (level != LogLevel.Debug)
            AgentStatus.Say(line);
        try
        {
            if (_file is { } file)
                file.WriteLine($"{DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture)} {level.ToString().ToLowerInvariant()} Agent {AgentProcess.Version}: {line}");
            else
                Console.Error.WriteLine($"Agent {AgentProcess.Version}: {line}");
        }
        catch (Exception)
        {
            // stderr is closed, the disk is full, or it is a writer of the app's that fails: there is nobody left to tell, and the app goes on
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

/// <summary>The values of OTEL_DOTNET_AUTO_LOGGER.</summary>
enum Logger
{
    /// <summary>Standard error.</summary>
    Console,

    /// <summary>A file in OTEL_DOTNET_AUTO_LOG_DIRECTORY.</summary>
    File,

    /// <summary>Nowhere.</summary>
    None,
}
