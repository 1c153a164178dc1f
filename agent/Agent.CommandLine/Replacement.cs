using System.Runtime.InteropServices;
using System.Text;

namespace Agent.CommandLine;

/// <summary>Puts another program in the place of this one (execve), so that nothing of ours remains: no process, no stream, no signal on its way.</summary>
static partial class Replacement
{
    const int NoExecFormat = 8; // ENOEXEC
    const int MayRun = 1, MayAdd = 3; // X_OK, and with W_OK
    const int BrokenPipe = 13; // SIGPIPE

    /// <summary>Whether this user may execute the file.</summary>
    public static bool MayExecute(string path) => Access(path, MayRun) == 0 && !Directory.Exists(path);

    /// <summary>Whether this user may make files in the folder.</summary>
    public static bool MayWrite(string folder) => Access(folder, MayAdd) == 0 && Directory.Exists(folder);

    /// <summary>Returns only if it failed.</summary>
    /// <param name="path">The program's file.</param>
    /// <param name="words">Its command line, its name first.</param>
    /// <param name="changes">The variables to set.</param>
    /// <returns>Why.</returns>
    public static unsafe string Execute(string path, string[] words, List<Variable> changes)
    {
        var arguments = RawWords(words.Length) ?? Array.ConvertAll(words, Encoding.UTF8.GetBytes);
        var environment = Environment(changes);
        RemoveDiagnostics();
        Restore();
        Execve(path, Pointers(arguments), Pointers(environment));
        var error = Marshal.GetLastSystemError();
        if (error == NoExecFormat) // a script without a first line that says what runs it: as execvp(3) does
        {
            Execve("/bin/sh", Pointers(["/bin/sh"u8.ToArray(), Encoding.UTF8.GetBytes(path), .. arguments[1..]]), Pointers(environment));
            error = Marshal.GetLastSystemError();
        }
        return Marshal.GetPInvokeErrorMessage(error);
    }

    /// <summary>The last words of this process's command line as they were given: not every one need be UTF-8.</summary>
    static byte[][]? RawWords(int count) => OperatingSystem.IsLinux() && Texts("/proc/self/cmdline") is { } words && words.Count >= count ? words.GetRange(words.Count - count, count).ToArray() : null;

    /// <summary>As it was given, but for the changes; the order stays.</summary>
    static byte[][] Environment(List<Variable> changes)
    {
        if ((OperatingSystem.IsLinux() ? Texts("/proc/self/environ") : null) is not { } variables)
        {
            variables = [];
            foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
                variables.Add(Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"));
        }
        foreach (var (name, value) in changes)
        {
            var length = Encoding.UTF8.GetByteCount(name) + 1;
            var variable = Encoding.UTF8.GetBytes($"{name}={value}");
            var at = variables.FindIndex(other => other.AsSpan().StartsWith(variable.AsSpan(0, length)));
            if (at < 0)
                variables.Add(variable);
            else
                variables[at] = variable;
        }
        return variables.ToArray();
    }

    /// <summary>What a file has, each text ended by a zero; null if it cannot be read.</summary>
    static List<byte[]>? Texts(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            var texts = new List<byte[]>();
            for (var at = 0; at < content.Length;)
            {
                var length = content.AsSpan(at).IndexOf((byte)0);
                length = length < 0 ? content.Length - at : length;
                texts.Add(content[at..(at + length)]);
                at += length + 1;
            }
            return texts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// This runtime's door for debuggers: its files would stay, with the process id and the start time of the program that comes now, which is a runtime with the
    /// same file names if it is .NET.
    /// </summary>
    static void RemoveDiagnostics()
    {
        if (ProcessFiles.StartTime("self") is not { } started)
            return;
        var (folder, id) = (Path.GetTempPath(), System.Environment.ProcessId);
        try
        {
            File.Delete(Path.Combine(folder, $"dotnet-diagnostic-{id}-{started}-socket"));
            File.Delete(Path.Combine(folder, $"clr-debug-pipe-{id}-{started}-in"));
            File.Delete(Path.Combine(folder, $"clr-debug-pipe-{id}-{started}-out"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // there are none
        }
    }

    /// <summary>
    /// What this runtime has changed for itself and a program would inherit: it ignores SIGPIPE, and raises how many files may be open. How both were before it does not
    /// tell; the process that has started this one has them as a rule as it has handed them on.
    /// </summary>
    static unsafe void Restore()
    {
        var parent = ParentId();
        if (!IsIgnored(BrokenPipe, parent))
            Signal(BrokenPipe, 0);
        if (!OperatingSystem.IsLinux() || Limit("/proc/self/limits") is not { } own || Limit($"/proc/{parent}/limits") is not { } parents)
            return;
        if (own.Most == parents.Most && own.Now != parents.Now)
        {
            var limits = stackalloc nuint[] { parents.Now, parents.Most };
            _ = SetLimit(OpenFiles, limits);
        }
    }

    static bool IsIgnored(int signal, int process)
    {
        const string field = "\nSigIgn:\t";
        return OperatingSystem.IsLinux() && ProcessFiles.Read($"/proc/{process}/status") is { } status && status.IndexOf(field, StringComparison.Ordinal) is var at and >= 0
            && ulong.TryParse(status.AsSpan(at + field.Length, 16), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var ignored) && (ignored >> signal - 1 & 1) != 0;
    }

    const int OpenFiles = 7; // RLIMIT_NOFILE on Linux

    static (nuint Now, nuint Most)? Limit(string file)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith("Max open files", StringComparison.Ordinal) && line[14..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var now, var most, ..])
                    return (nuint.TryParse(now, out var soft) ? soft : nuint.MaxValue, nuint.TryParse(most, out var hard) ? hard : nuint.MaxValue);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another user's, or no /proc: it stays as it is
        }
        return null;
    }

    /// <summary>Null-terminated texts behind a null-terminated list. Never freed: either the process has another program, or it ends.</summary>
    static unsafe byte** Pointers(byte[][] texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
        {
            list[i] = (byte*)NativeMemory.AllocZeroed((nuint)texts[i].Length + 1);
            texts[i].CopyTo(new Span<byte>(list[i], texts[i].Length));
        }
        return list;
    }

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Execve(string path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static unsafe partial int SetLimit(int what, nuint* limits);
}
