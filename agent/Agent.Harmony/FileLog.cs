using System.Globalization;
using System.Security.Cryptography;

namespace HarmonyLib;

/// <summary>
/// Lines in a file (harmony.pardeike.net, «Utilities»). Here only where somebody asks for them: HARMONY_LOG_FILE names the file, or <see cref="LogWriter"/> is set;
/// never on the desktop, and never if HARMONY_NO_LOG is set. What cannot be written is said once through <see cref="Harmony.Report"/>.
/// </summary>
public static class FileLog
{
    static readonly Lock Gate = new();
    static List<string> s_buffer = [];
    static bool s_isFailureSaid;

    /// <summary>What a line is indented with.</summary>
    public static char indentChar = '\t';

    /// <summary>How often.</summary>
    public static int indentLevel;

    /// <summary>Where lines go instead of the file; null for the file.</summary>
    public static TextWriter? LogWriter { get; set; }

    /// <summary>The file; null if there is none, and nothing is logged.</summary>
    public static string? LogPath => Environment.GetEnvironmentVariable("HARMONY_NO_LOG") is { Length: > 0 } ? null
        : Environment.GetEnvironmentVariable("HARMONY_LOG_FILE") is { Length: > 0 } file ? file : null;

    /// <summary>Indents more, or less.</summary>
    public static void ChangeIndent(int delta) => indentLevel = Math.Max(0, indentLevel + delta);

    /// <summary>A line for later (<see cref="FlushBuffer"/>).</summary>
    public static void LogBuffered(string str)
    {
        lock (Gate)
            s_buffer.Add(Indented(str));
    }

    /// <summary>Lines for later.</summary>
    public static void LogBuffered(List<string> strings)
    {
        lock (Gate)
            s_buffer.AddRange(strings);
    }

    /// <summary>The lines that wait.</summary>
    public static List<string> GetBuffer(bool clear)
    {
        lock (Gate)
        {
            var lines = s_buffer;
            s_buffer = clear ? [] : [.. lines];
            return lines;
        }
    }

    /// <summary>Other lines instead of those that wait.</summary>
    public static void SetBuffer(List<string> buffer)
    {
        lock (Gate)
            s_buffer = buffer;
    }

    /// <summary>Writes the lines that wait.</summary>
    public static void FlushBuffer()
    {
        foreach (var line in GetBuffer(clear: true))
            Write(line);
    }

    /// <summary>Writes a line at once.</summary>
    public static void Log(string str) => Write(Indented(str));

    /// <summary>Writes a line if <see cref="Harmony.DEBUG"/> is set.</summary>
    public static void Debug(string str)
    {
        if (Harmony.DEBUG)
            Log(str);
    }

    /// <summary>Deletes the file.</summary>
    public static void Reset()
    {
        if (LogPath is not { } path)
            return;
        lock (Gate)
            Try(() => File.Delete(path));
    }

    /// <summary>Writes memory in hexadecimal, and its SHA-256.</summary>
    public static unsafe void LogBytes(long ptr, int len)
    {
        var bytes = new ReadOnlySpan<byte>((void*)ptr, len);
        for (var at = 0; at < len; at += 16)
            Log($"#  {(ptr + at).ToString("X16", CultureInfo.InvariantCulture)}  {Convert.ToHexString(bytes[at..Math.Min(len, at + 16)])}");
        Log($"HASH: {Convert.ToHexString(SHA256.HashData(bytes))}");
    }

    static string Indented(string text) => new string(indentChar, indentLevel) + text;

    static void Write(string line)
    {
        lock (Gate)
        {
            if (LogWriter is { } writer)
                Try(() => writer.WriteLine(line));
            else if (LogPath is { } path)
                Try(() => File.AppendAllText(path, line + Environment.NewLine));
        }
    }

    static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException or ArgumentException)
        {
            if (!s_isFailureSaid)
                Harmony.Say($"FileLog cannot write to {(LogWriter is null ? LogPath : "its writer")}: {e.Message}");
            s_isFailureSaid = true;
        }
    }
}
