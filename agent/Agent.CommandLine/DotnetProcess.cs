using System.Globalization;
using System.Text.Json;
using Agent.Entry;
using HarmonyLib.Rejit;

namespace Agent.CommandLine;

/// <summary>A process that may run .NET, seen from outside: what /proc tells of it on Linux; elsewhere only its diagnostics port.</summary>
sealed class DotnetProcess
{
    readonly Lazy<IReadOnlyDictionary<string, string>?> _variables;
    readonly Lazy<string[]> _words;
    readonly Lazy<HashSet<string>?> _files;
    readonly Lazy<(bool IsAnswer, string? Hook)> _said;

    DotnetProcess(int id)
    {
        Id = id;
        _variables = new(() => OperatingSystem.IsLinux() ? ReadVariables(id) : AskVariables());
        _words = new(() => ProcessFiles.Read($"/proc/{id}/cmdline")?.TrimEnd('\0').Split('\0') ?? []);
        _files = new(() => ReadFiles(id));
        _said = new(Ask);
    }

    /// <summary>Its id, as this program sees it.</summary>
    public int Id { get; }

    /// <summary>Its command line; empty if that is not known.</summary>
    public string[] Words => _words.Value;

    /// <summary>The environment that it was started with; null if this user may not see it.</summary>
    public IReadOnlyDictionary<string, string>? Variables => _variables.Value;

    /// <summary>The files that it has in its memory; null if this user may not see them.</summary>
    public IReadOnlySet<string>? Files => _files.Value;

    /// <summary>What stands before a path in its file system, if that is another one than this program's, as in another container; else empty.</summary>
    public string Root => _root ??= OperatingSystem.IsLinux() && Path.GetFileName(Link($"/proc/{Id}/ns/mnt")) is { } own && own != Path.GetFileName(Link("/proc/self/ns/mnt")) ? $"/proc/{Id}/root" : "";

    string? _root;

    /// <summary>Whether its runtime is loaded: .NET as a whole, or the app's own copy. False if that is not known.</summary>
    public bool HasRuntime => Files?.Any(static file => Path.GetFileName(file) is "libcoreclr.so") == true;

    /// <summary>The version of .NET that it runs on, from where its runtime lies; null if that is not known, as in an app that brings its own.</summary>
    public Version? Runtime => Files?.Select(static file => Path.GetFileName(file) is "libcoreclr.so" && Version.TryParse(Path.GetFileName(Path.GetDirectoryName(file)), out var version) ? version : null).FirstOrDefault(static version => version is not null);

    /// <summary>Whether the hook has been loaded there.</summary>
    public bool HasHook => Files?.Any(static file => Path.GetFileNameWithoutExtension(file) is Hooks.Name or Hooks.NameInPackage) == true;

    /// <summary>Whether the agent itself has been loaded: by its files, or where those are not known by its answer, for which it has three seconds.</summary>
    public bool HasAgent => Files is { } files ? files.Any(static file => Path.GetFileName(file) == "Agent.dll" && file.Contains("/net10.0/", StringComparison.Ordinal)) : !OperatingSystem.IsLinux() && _said.Value.IsAnswer;

    /// <summary>The hook's file as the agent there says it, where the process's files are not known; null if it says none, or nothing.</summary>
    public string? SaidHook => _said.Value.Hook;

    /// <summary>The diagnostics port, a socket or on Windows a named pipe; null if there is none or it cannot be seen.</summary>
    public string? PortPath
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return $"{DiagnosticsPort.Pipes}dotnet-diagnostic-{Id}" is var pipe && DiagnosticsPort.IsPipe(pipe) ? pipe : null;
            var folder = OperatingSystem.IsLinux() ? Variables?.GetValueOrDefault("TMPDIR") is { Length: > 0 } set ? set : "/tmp" : Path.GetTempPath();
            folder = folder.TrimEnd('/') + "/";
            var (id, start) = (InnerId, OperatingSystem.IsLinux() ? ProcessFiles.StartTime($"{Id}") : null);
            if (start is not null && $"{Root}{folder}dotnet-diagnostic-{id}-{start}-socket" is var path && File.Exists(path))
                return path;
            try
            {
                // That of an emulated process has another time in its name; those of other containers may have the same id.
                var found = Directory.GetFiles($"{Root}{folder}", $"dotnet-diagnostic-{id}-*-socket");
                return (start is null ? found : Array.FindAll(found, socket => SocketOwner.Has($"{Id}", folder + Path.GetFileName(socket)))) is [var only] ? only : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>The id that it has in its own container.</summary>
    int InnerId
    {
        get
        {
            var line = ProcessFiles.Read($"/proc/{Id}/status")?.Split('\n').FirstOrDefault(static line => line.StartsWith("NSpid:", StringComparison.Ordinal));
            return int.TryParse(line?.Split('\t')[^1], CultureInfo.InvariantCulture, out var id) ? id : Id;
        }
    }

    /// <summary>The app's name for a person: its assembly, or what was started.</summary>
    public string Name => AppOf(Words) is { } app ? Path.GetFileNameWithoutExtension(app) : Words is [var first, ..] ? Path.GetFileName(first) : Path.GetFileNameWithoutExtension(Executable) ?? $"process {Id}";

    /// <summary>The process's folder, from which its command line is to be understood.</summary>
    public string? Folder => Link($"/proc/{Id}/cwd");

    /// <summary>The file that is executed: dotnet, or the app's own.</summary>
    public string? Executable
    {
        get
        {
            if (OperatingSystem.IsLinux())
                return Link($"/proc/{Id}/exe");
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(Id);
                return process.MainModule?.FileName;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return null;
            }
        }
    }

    /// <summary>The path of the app in its own file system: the assembly, or the executable beside which it lies. Null if that is not known.</summary>
    public string? App
    {
        get
        {
            var app = AppOf(Words) ?? (Executable is { } executable && Path.GetFileNameWithoutExtension(executable) != "dotnet" ? executable : null);
            return app is null ? null : Path.IsPathRooted(app) ? app : Folder is { } folder ? Path.Combine(folder, app) : null;
        }
    }

    /// <summary>Why nothing can be said about it, as a sentence; null if something can.</summary>
    public string? Problem => !OperatingSystem.IsLinux() ? Variables is null ? $"Process {Id} ({Name}) has no diagnostics port that can be asked: it is no .NET process, its diagnostics are off, or it belongs to another user." : null
        : Variables is null || Files is null ? $"Process {Id} belongs to another user; the same user or root may look at it."
        : !HasRuntime && PortPath is null && Files.All(static file => !file.EndsWith("/System.Private.CoreLib.dll", StringComparison.Ordinal)) && (App is null || Checking.AppFile.Read(Root + App, out _) is null) ? $"Process {Id} ({Name}) does not run .NET."
        : null;

    /// <summary>What the agent there says of itself: over the diagnostics port, else in the file that AGENT_STATUS_FILE names.</summary>
    /// <exception cref="DiagnosticsException">It says nothing; the message is the end of a sentence.</exception>
    public JsonDocument AskStatus()
    {
        string? problem = null;
        if (PortPath is { } port)
        {
            try
            {
                if (AgentAnswer.Ask(new DiagnosticsPort(port)) is { } answer)
                    return JsonDocument.Parse(answer);
            }
            catch (DiagnosticsException e)
            {
                problem = e.Message;
            }
        }
        if (Variables?.GetValueOrDefault("AGENT_STATUS_FILE") is { Length: > 0 } set && App is { } app
            && ProcessFiles.Read(Root + Path.Combine(Path.GetDirectoryName(app)!, set.Replace("{pid}", $"{InnerId}", StringComparison.Ordinal))) is { Length: > 0 } file)
        {
            return JsonDocument.Parse(file);
        }
        throw new DiagnosticsException(problem ?? (PortPath is null ? "it has no diagnostics socket (its diagnostics are off, or the folder for temporary files could not be written)" : "there is no agent that answers"));
    }

    (bool IsAnswer, string? Hook) Ask()
    {
        try
        {
            using var status = AskStatus();
            return (true, status.RootElement.GetProperty("process").TryGetProperty("hook", out var hook) ? hook.GetString() : null);
        }
        catch (DiagnosticsException)
        {
            return (false, null);
        }
    }

    /// <summary>Null if there is no such process.</summary>
    public static DotnetProcess? Find(int id)
    {
        if (OperatingSystem.IsLinux())
            return ProcessFiles.Exists(id) ? new(id) : null;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return new(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Every process with .NET that this user may see, by id; not this program.</summary>
    public static IEnumerable<DotnetProcess> All()
    {
        if (OperatingSystem.IsLinux())
        {
            return Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(static name => char.IsAsciiDigit(name![0])).Select(static name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(static id => id != Environment.ProcessId).Order().Select(static id => new DotnetProcess(id)).Where(static process => process.HasRuntime || process.PortPath is not null);
        }
        if (OperatingSystem.IsWindows())
            return System.Diagnostics.Process.GetProcesses().Select(static process => process.Id).Where(static id => id != Environment.ProcessId).Order().Select(static id => new DotnetProcess(id)).Where(static process => process.PortPath is not null);
        return Directory.GetFiles(Path.GetTempPath(), "dotnet-diagnostic-*-socket").Select(static file => Path.GetFileName(file).Split('-')[2])
            .Select(static id => int.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(static id => id != Environment.ProcessId && id > 0).Distinct().Order().Select(Find).OfType<DotnetProcess>();
    }

    /// <summary>The first word that names an assembly, after `dotnet` and its options.</summary>
    static string? AppOf(string[] words) => words is [var program, ..] && Path.GetFileNameWithoutExtension(program) == "dotnet"
        ? words.Skip(1).FirstOrDefault(static word => word.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        : null;

    static string? Link(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Those that it has now, where no file has those that it was started with.</summary>
    Dictionary<string, string>? AskVariables()
    {
        try
        {
            return PortPath is { } port ? new DiagnosticsPort(port).Environment(TimeSpan.FromSeconds(5)) : null;
        }
        catch (DiagnosticsException)
        {
            return null;
        }
    }

    static Dictionary<string, string>? ReadVariables(int id)
    {
        if (ProcessFiles.Read($"/proc/{id}/environ") is not { } text)
            return null;
        var variables = new Dictionary<string, string>();
        foreach (var variable in text.Split('\0'))
        {
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            if (end > 0)
                variables.TryAdd(variable[..end], variable[(end + 1)..]);
        }
        return variables;
    }

    static HashSet<string>? ReadFiles(int id) => ProcessFiles.Read($"/proc/{id}/maps") is { } maps
        ? [.. maps.Split('\n').Where(static line => line.Contains('/', StringComparison.Ordinal)).Select(static line => line[line.IndexOf('/', StringComparison.Ordinal)..])]
        : null;
}
