using Agent.Entry;
using HarmonyLib;
using HarmonyLib.Rejit;

namespace Agent.CommandLine;

/// <summary>A process with .NET whose diagnostics port can be asked.</summary>
sealed class LateProcess
{
    const string NoAnswer = "the agent there gives no answer: it may be of another version, or the app runs no startup hooks (StartupHookSupport)";

    readonly DotnetProcess _process;

    LateProcess(DotnetProcess process, DiagnosticsPort port)
    {
        _process = process;
        Hook = new LateHook(process, port);
        (Architecture, App, Runtime) = Hook.Info();
    }

    /// <summary>Asks it for something.</summary>
    public LateHook Hook { get; }

    /// <summary>«x64», «arm64».</summary>
    public string Architecture { get; }

    /// <summary>The simple name of the app's assembly.</summary>
    public string App { get; }

    /// <summary>The runtime's version.</summary>
    public Version Runtime { get; }

    /// <summary>What it is called in sentences.</summary>
    public string Name => $"{App} ({_process.Id})";

    /// <summary>The app's folder as this program sees it; null if it is not known.</summary>
    public string? Folder => _process.App is { } app ? _process.Root + Path.GetDirectoryName(app) : null;

    /// <summary>The assemblies beside the app, as a list of paths; null if they are not known.</summary>
    public string? Assemblies => Folder is { } folder && Directory.Exists(folder) ? string.Join(Path.PathSeparator, Directory.GetFiles(folder, "*.dll")) : null;

    /// <summary>A variable that the process was started with.</summary>
    public string? Variable(string name) => _process.Variables?.GetValueOrDefault(name);

    /// <summary>Whether a file is in the process's own file system.</summary>
    public bool Sees(string file) => File.Exists(_process.Root + file);

    /// <summary>What is wrong with the hook or the library in the process's own file system, which to load could end the process; null if nothing is.</summary>
    public string? Damage(string hook, string library)
    {
        try
        {
            _ = System.Reflection.AssemblyName.GetAssemblyName(_process.Root + hook);
            if (OperatingSystem.IsLinux())
                ElfFile.Check(_process.Root + library);
            return null;
        }
        catch (HarmonyException e)
        {
            return e.Message.TrimEnd('.');
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return $"{hook} is damaged or cannot be read: {e.Message.TrimEnd('.')}";
        }
    }

    /// <summary>The hook that the process has loaded, in its own file system, and whether it is still there; null if it has none. Another file of that name cannot be loaded.</summary>
    public (bool IsThere, string Path)? LoadedHook()
    {
        const string gone = " (deleted)";
        if (_process.Files is null)
            return _process.SaidHook is { } said ? (File.Exists(said), said) : null;
        if (_process.Files.FirstOrDefault(static file => Path.GetFileName(file.Replace(gone, "", StringComparison.Ordinal)) is Hooks.Name + ".dll" or Hooks.NameInPackage + ".dll") is not { } hook)
            return null;
        var path = hook.EndsWith(gone, StringComparison.Ordinal) ? hook[..^gone.Length] : hook;
        return (Sees(path), path);
    }

    /// <summary>Whether the agent has been loaded there.</summary>
    public bool HasAgent => _process.HasAgent;

    /// <summary>Says why something is not done.</summary>
    /// <returns>The exit code.</returns>
    public int Wrong(string reason) => Say.Wrong($"{Name} stays as it is: {reason}.");

    /// <summary>Asks the agent there for something, and says what has become of it.</summary>
    /// <param name="hook">The hook's path in the process's own file system, where it must be.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="done">Once it is done, the rest of a sentence that begins with the process's name; gets what the agent has added.</param>
    /// <param name="already">If it was so before, the rest of such a sentence.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="DiagnosticsException">The process cannot be asked.</exception>
    public int Ask(string hook, LateRequest request, Func<string, string> done, string already)
    {
        var answer = Hook.Ask(hook, request);
        switch (answer?.Word)
        {
            case LateRequest.Done:
                Console.Out.WriteLine($"{Name} {done(answer.Value.Sentence)}");
                return ExitCode.Fine;
            case LateRequest.Already:
                return Say.Wrong($"{Name} {already}");
            default:
                return Wrong(answer?.Sentence.TrimEnd('.') ?? NoAnswer);
        }
    }

    /// <summary>Does something with a process. If it cannot be asked, that is said.</summary>
    /// <returns>The exit code.</returns>
    public static int With(int id, Func<LateProcess, int> action)
    {
        if (TryFind(id, out var late) is { } reason)
            return Say.Wrong(reason);
        try
        {
            return action(late!);
        }
        catch (DiagnosticsException e)
        {
            return late!.Wrong(e.Message);
        }
    }

    static string? TryFind(int id, out LateProcess? late)
    {
        late = null;
        if (DotnetProcess.Find(id) is not { } process)
            return $"There is no process {id}.";
        if (OperatingSystem.IsLinux() && process.Variables is null)
            return $"Process {id} belongs to another user; it can be attached to as that user or as root.";
        if (process.PortPath is not { } port)
        {
            if (!process.HasRuntime)
                return $"{process.Name} ({id}) is not a .NET process.";
            if (DiagnosticsSwitch.Off(name => process.Variables?.GetValueOrDefault(name)) is { } off)
                return $"{process.Name} ({id}) cannot be attached to: the runtime's diagnostics are switched off there ({off}).";
            return $"{process.Name} ({id}) cannot be attached to: it has no diagnostics socket (the folder for temporary files, which TMPDIR may name, was not writable when it started).";
        }
        try
        {
            late = new LateProcess(process, new DiagnosticsPort(port));
            return null;
        }
        catch (DiagnosticsException e)
        {
            return $"{process.Name} ({id}) cannot be attached to: {e.Message}.";
        }
    }
}
