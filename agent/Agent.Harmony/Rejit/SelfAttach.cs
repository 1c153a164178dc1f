using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HarmonyLib.Rejit;

/// <summary>
/// Makes this process load rejit as its profiler, by sending AttachProfiler to its own diagnostics port.
/// Must not run on the diagnostics server's thread (a hook applied to a running process is called there): it would wait for itself.
/// </summary>
static class SelfAttach
{
    const string Elsewhere = "TMPDIR may name another, such as /dev/shm";

    /// <summary>Unless it is 0 the runtime writes code through other addresses than those that it runs at, of which an emulator has to know that they are the same memory.</summary>
    const string WritesApart = "DOTNET_EnableWriteXorExecute";

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Blocks until the runtime has loaded the library, some tens of milliseconds.</summary>
    /// <exception cref="HarmonyException">It cannot be done here; the message is a sentence for the log.</exception>
    public static void Attach(string libraryPath)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsWindows())
            throw new HarmonyException($"methods cannot be patched on {RuntimeInformation.OSDescription}, only on Linux, macOS and Windows");
        if (DiagnosticsSwitch.Off(Environment.GetEnvironmentVariable) is { } off)
            throw new HarmonyException($"the runtime's diagnostics are switched off ({off}), so methods cannot be patched");
        var isEmulated = false;
        var port = OperatingSystem.IsWindows() ? PipeName : FindSocket(out isEmulated);
        if (isEmulated && !DiagnosticsSwitch.IsZero(Environment.GetEnvironmentVariable(WritesApart)))
            throw new HarmonyException($"this process is emulated, as containers for another processor are, and QEMU before 8.1 takes notice of changed code only with {WritesApart}=0");
        if (OperatingSystem.IsLinux())
            ElfFile.Check(libraryPath);
        try
        {
            RejitLibrary.Load(libraryPath);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new HarmonyException($"{libraryPath} cannot be loaded (missing, damaged, or for another processor): {e.Message}", e);
        }
        if (RejitLibrary.IsAttached)
            return; // somebody has asked the runtime from outside (`agent attach`)
        var address = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(port + '\0') : SocketAddress(port);
        Harmony.IsWaitingForRuntime = true;
        var stage = RejitLibrary.Attach(address, libraryPath, Timeout, out var answer);
        Harmony.IsWaitingForRuntime = false;
        if (stage != AttachStage.Done)
        {
            throw new HarmonyException(stage switch
            {
                AttachStage.Answer => $"the runtime refused to attach: {Hresult.Sentence(answer)}",
                AttachStage.Info => $"the runtime attached another copy of {libraryPath}",
                AttachStage.Read => $"the diagnostics {Kind} {port} gave no answer within {Timeout.TotalSeconds} s",
                _ => $"the diagnostics {Kind} {port} cannot be reached (stage {stage})",
            });
        }
    }

    static string Kind => OperatingSystem.IsWindows() ? "pipe" : "socket";

    static string PipeName => string.Create(CultureInfo.InvariantCulture, $@"\\.\pipe\dotnet-diagnostic-{Environment.ProcessId}");

    /// <summary>
    /// Its name carries the process id and the process's start time, so it is not mistaken for another container's socket
    /// in a shared /tmp, where every main process has the id 1, or for one that a process of that id has left behind. An emulated process (a container image
    /// for another processor) is told another start time on each of its threads, so there it is the socket of that id that this process has open.
    /// </summary>
    static string FindSocket(out bool isEmulated)
    {
        isEmulated = false;
        var folder = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } set ? set : "/tmp";
        var time = OperatingSystem.IsLinux() ? StartTime() : null;
        if (time is not null && Path.Combine(folder, Name(time)) is var path && File.Exists(path))
            return path; // without reading the whole folder
        string[] found;
        try
        {
            found = Directory.GetFiles(folder, Name("*"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HarmonyException($"the folder of the diagnostics socket, {folder}, cannot be read ({e.Message.TrimEnd('.')}); {Elsewhere}", e);
        }
        if (time is not null)
        {
            found = Array.FindAll(found, static file => SocketOwner.Has("self", file));
            isEmulated = found.Length > 0;
        }
        return found is [var only]
            ? only
            : throw new HarmonyException(found.Length == 0
                ? $"this process has no diagnostics socket in {folder} (diagnostics off, or the folder is not writable; {Elsewhere})"
                : $"{folder} has {found.Length} diagnostics sockets for process id {Environment.ProcessId}");

        static string Name(string time) => string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{Environment.ProcessId}-{time}-socket");
    }

    /// <summary>Field 22 of /proc/self/stat, as the runtime reads it; the second field may contain spaces and parentheses.</summary>
    static string? StartTime()
    {
        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Length > 19 ? fields[19] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the listing of the folder decides
        }
    }

    /// <summary>A sockaddr_un: Linux has a 16-bit family; macOS a length byte, then an 8-bit family. AF_UNIX is 1 on both.</summary>
    static byte[] SocketAddress(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var limit = OperatingSystem.IsMacOS() ? 103 : 107;
        if (bytes.Length > limit)
            throw new HarmonyException($"the path of the diagnostics socket, {path}, is longer than {limit} bytes");
        var address = new byte[2 + bytes.Length + 1];
        if (OperatingSystem.IsMacOS())
            (address[0], address[1]) = ((byte)address.Length, 1);
        else
            BitConverter.TryWriteBytes(address, (ushort)1);
        bytes.CopyTo(address, 2);
        return address;
    }
}
