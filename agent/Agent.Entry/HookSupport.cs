using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

namespace Agent.Entry;

/// <summary>
/// Apps that run no startup hooks, because their runtimeconfig.json says so: file-based ones (`dotnet run app.cs`) and projects with PublishAot or
/// PublishTrimmed. Nothing of ours is ever asked there; but the `dotnet` command that starts such an app has the hook, and sees what it starts.
/// </summary>
internal static class HookSupport
{
    /// <summary>An app runs longer before it reaches Main.</summary>
    const int IntervalInMs = 40;

    /// <summary>In a `dotnet` command that runs an app: looks for its process, and says so if that will run no hooks. Linux tells of processes in files.</summary>
    /// <param name="process">The simple name of the entry assembly.</param>
    /// <param name="arguments">Those of the process, the program first.</param>
    /// <param name="say">Says a sentence.</param>
    public static void Watch(string? process, string[] arguments, Action<string> say)
    {
        if (RunsApp(process, arguments) && Directory.Exists("/proc/self/task"))
            new Thread(() => Look(say), 256 * 1024) { IsBackground = true, Name = "Agent hook support" }.Start();
    }

    /// <summary>Whether it is `dotnet run`, `dotnet watch`, or a file, which is short for the first.</summary>
    internal static bool RunsApp(string? process, string[] arguments) => process == "dotnet-watch"
        || process == "dotnet" && arguments.Skip(1).FirstOrDefault(argument => !argument.StartsWith('-')) is { } command
            && (command == "run" || command.EndsWith(".cs", StringComparison.OrdinalIgnoreCase));

    /// <summary>Until the app has been seen. Ends for good if anything goes wrong: the command goes on as without us.</summary>
    static void Look(Action<string> say)
    {
        try
        {
            while (true)
            {
                foreach (var child in Children())
                {
                    if (ProgramOf(child) is { } program && WouldBeTraced(child, program) && Read(Path.ChangeExtension(program, ".runtimeconfig.json")) is { Length: > 0 } configuration)
                    {
                        if (IsSwitchedOff(configuration))
                            say(Sentence(Path.GetFileNameWithoutExtension(program)));
                        return;
                    }
                }
                Thread.Sleep(IntervalInMs);
            }
        }
        catch (Exception)
        {
            // a process that has just ended, a /proc that is closed to us: there is nothing certain to say
        }
    }

    static string Sentence(string app) => $"not tracing {app}: startup hooks are switched off in its runtimeconfig.json, as they are for file-based apps and with PublishAot or PublishTrimmed. "
        + "The property StartupHookSupport=true switches them on; in a file it is #:property StartupHookSupport=true.";

    /// <summary>The processes that this one has started.</summary>
    static IEnumerable<string> Children() => Directory.GetDirectories("/proc/self/task")
        .SelectMany(thread => Read(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The path of an app's assembly, whether it is started by its own executable, which has the same name, or by `dotnet`; null for everything else.</summary>
    static string? ProgramOf(string child)
    {
        var arguments = Read($"/proc/{child}/cmdline").Split('\0');
        var program = Path.GetFileName(arguments[0]) == "dotnet" ? arguments.FirstOrDefault(argument => argument.EndsWith(".dll", StringComparison.Ordinal)) : arguments[0] + ".dll";
        return program != null && Path.IsPathRooted(program) && File.Exists(program) ? program : null;
    }

    /// <summary>Whether the hook would start the agent there: it is in the variable, and nothing is against it.</summary>
    static bool WouldBeTraced(string child, string program)
    {
        var variables = new Dictionary<string, string>();
        foreach (var variable in Read($"/proc/{child}/environ").Split('\0'))
        {
            var end = variable.IndexOf('=');
            if (end > 0)
                variables[variable.Substring(0, end)] = variable.Substring(end + 1);
        }
        string? Variable(string name) => variables.TryGetValue(name, out var value) ? value : null;
        var folder = Path.GetDirectoryName(program)!;
        return Variable("DOTNET_STARTUP_HOOKS")?.Split(Path.PathSeparator).Any(Hooks.IsAgent) == true
            && Decision.Make(isFirst: true, Environment.Version, Path.GetFileNameWithoutExtension(program), string.Join(Path.PathSeparator, Directory.GetFiles(folder, "*.dll")), folder, Variable).Start;
    }

    internal static bool IsSwitchedOff(string configuration) =>
        string.Concat(configuration.Where(character => !char.IsWhiteSpace(character) && character != '"')).Contains("System.StartupHookProvider.IsSupported:false", StringComparison.OrdinalIgnoreCase);

    /// <summary>Empty for what is not there, or no longer.</summary>
    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            return "";
        }
    }
}
