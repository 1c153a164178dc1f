using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Agent.Entry;

/// <summary>Whether this process is traced, and what to say if it is not.</summary>
internal readonly struct Decision
{
    /// <summary>
    /// Programs that build, test or debug apps rather than being one. They inherit the variable from a shell or a Dockerfile;
    /// the agent stays out of them without a word.
    /// </summary>
    static readonly HashSet<string> BuildTools = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "dotnet", "MSBuild", "csc", "vbc", "fsc", "fsi", "VBCSCompiler", "NuGet", "NuGet.Build.Tasks.Console", "NuGet.CommandLine.XPlat", "testhost", "testhost.x86", "vstest.console",
        "datacollector", "ef", "dotnet-ef", "dotnet-watch", "DotNetWatchTasks", "dotnet-format", "dotnet-dump", "dotnet-trace", "dotnet-counters",
        "dotnet-gcdump", "dotnet-monitor", "dotnet-symbol", "dotnet-aspnet-codegenerator", "dotnet-svcutil", "dotnet-user-jwts", "dotnet-user-secrets",
        "dotnet-dev-certs", "dotnet-getdocument", "GetDocument.Insider", "dotnet-suggest", "crossgen2", "ilc", "ILLink", "rzc", "pwsh",
        "Microsoft.CodeAnalysis.LanguageServer", "Microsoft.CodeAnalysis.Workspaces.MSBuild.BuildHost", "Microsoft.NET.Sdk.StaticWebAssets.Tool",
        "Microsoft.NET.Sdk.BlazorWebAssembly.Tool", "OmniSharp", "Aspire.Dashboard", "Aspire.RuntimeIdentifier.Tool",
    };

    /// <summary>
    /// A test project may be a program of its own, with a name of its own, and so is Aspire's AppHost, which starts the projects of a solution; it has one
    /// of these among its assemblies. An app does not, not even where it lies in the test project's folder.
    /// </summary>
    static readonly string[] Platforms = { "Microsoft.Testing.Platform.dll", "xunit.v3.runner.inproc.console.dll", "Aspire.Hosting.dll" };

    /// <summary>What `dotnet pack` puts beside a tool and nobody puts beside an app; so installed tools (global, local, in a folder of their own) and those of `dnx` have it.</summary>
    const string ToolSettings = "DotnetToolSettings.xml";

    static readonly char[] Separators = { ',', ';' };

    /// <summary>The oldest version of .NET that is traced.</summary>
    public const int OldestRuntime = 10;

    Decision(Cause cause, string reason)
    {
        Cause = cause;
        Reason = reason;
    }

    public bool Start => Cause == Cause.None;

    /// <summary>Why not, also where nothing is said.</summary>
    public Cause Cause { get; }

    /// <summary>Why not, as a sentence; empty if it starts (the agent then says so itself) or is to be silent.</summary>
    public string Reason { get; }

    /// <summary>The decision about this process.</summary>
    /// <param name="isFirst">The hook has not run in this process before.</param>
    /// <param name="variable">Reads an environment variable; null if it is not set.</param>
    public static Decision OfProcess(bool isFirst, Func<string, string?> variable) =>
        Make(isFirst, Environment.Version, Assembly.GetEntryAssembly()?.GetName().Name, AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string, AppContext.BaseDirectory, variable);

    /// <summary>
    /// In this order: already started, runtime too old, switched off, not in this environment, build tool. A build tool, a .NET tool, a test project or an
    /// AppHost hears nothing, whatever the reason.
    /// </summary>
    /// <param name="isFirst">The hook has not run in this process before.</param>
    /// <param name="runtime">The runtime's version.</param>
    /// <param name="process">The simple name of the entry assembly, if there is one.</param>
    /// <param name="assemblies">The paths of all assemblies the host has found for this process, in one text; null if it does not say.</param>
    /// <param name="folder">Where the program is; null if that is not known.</param>
    /// <param name="variable">Reads an environment variable; null if it is not set.</param>
    public static Decision Make(bool isFirst, Version runtime, string? process, string? assemblies, string? folder, Func<string, string?> variable)
    {
        if (process != null && BuildTools.Contains(process))
            return new Decision(Cause.BuildTool, "");
        if (process != null && variable("OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES") is { } excluded && List(excluded).Contains(process, StringComparer.OrdinalIgnoreCase))
            return new Decision(Cause.Excluded, "");
        if (HasPlatform(assemblies))
            return new Decision(Cause.TestProject, "");
        if (IsTool(folder))
            return new Decision(Cause.DotnetTool, "");
        return Said(isFirst, runtime, variable);
    }

    static Decision Said(bool isFirst, Version runtime, Func<string, string?> variable)
    {
        if (!isFirst)
            return new Decision(Cause.Twice, "already started in this process; the hook is named twice, in DOTNET_STARTUP_HOOKS or there and in the app's runtimeconfig.json.");
        if (runtime.Major < OldestRuntime)
            return new Decision(Cause.OldRuntime, $"stepping aside: this process runs on .NET {runtime}, the agent needs .NET {OldestRuntime} or later.");
        if (string.Equals(variable("OTEL_SDK_DISABLED")?.Trim(), "true", StringComparison.OrdinalIgnoreCase))
            return new Decision(Cause.SwitchedOff, "not tracing this process: OTEL_SDK_DISABLED=true.");
        if (string.Equals(variable("OTEL_DOTNET_AUTO_TRACES_ENABLED")?.Trim(), "false", StringComparison.OrdinalIgnoreCase))
            return new Decision(Cause.SwitchedOff, "not tracing this process: OTEL_DOTNET_AUTO_TRACES_ENABLED=false.");
        var environments = variable("AGENT_ENVIRONMENTS");
        var environment = EnvironmentName(variable);
        if (!string.IsNullOrWhiteSpace(environments) && !List(environments!).Any(pattern => Matches(environment, pattern)))
            return new Decision(Cause.Environment, $"not tracing this process: the environment {environment} is not in AGENT_ENVIRONMENTS={environments}.");
        return new Decision(Cause.None, "");
    }

    internal static string EnvironmentName(Func<string, string?> variable)
    {
        var set = variable("ASPNETCORE_ENVIRONMENT");
        if (string.IsNullOrEmpty(set))
            set = variable("DOTNET_ENVIRONMENT");
        return string.IsNullOrEmpty(set) ? "Production" : set!; // what the host assumes
    }

    static bool HasPlatform(string? assemblies) =>
        assemblies != null && Platforms.Any(name => assemblies.Contains(Path.DirectorySeparatorChar + name, StringComparison.OrdinalIgnoreCase));

    static bool IsTool(string? folder) => folder != null && File.Exists(Path.Combine(folder, ToolSettings));

    static IEnumerable<string> List(string value) => value.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(item => item.Trim());

    /// <summary>Compares with a pattern in which * stands for any characters; upper and lower case are the same.</summary>
    internal static bool Matches(ReadOnlySpan<char> value, string pattern)
    {
        int at = 0, inPattern = 0, star = -1, resume = 0;
        while (at < value.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                star = inPattern++;
                resume = at;
            }
            else if (inPattern < pattern.Length && char.ToUpperInvariant(pattern[inPattern]) == char.ToUpperInvariant(value[at]))
            {
                inPattern++;
                at++;
            }
            else if (star >= 0)
            {
                inPattern = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern.Substring(inPattern).Trim('*').Length == 0;
    }
}

/// <summary>What is against tracing a process.</summary>
internal enum Cause
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is a program that builds, tests or debugs apps.</summary>
    BuildTool,

    /// <summary>OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES names it.</summary>
    Excluded,

    /// <summary>It runs tests, or is Aspire's AppHost.</summary>
    TestProject,

    /// <summary>It is an installed .NET tool.</summary>
    DotnetTool,

    /// <summary>The hook has run there already.</summary>
    Twice,

    /// <summary>Its version of .NET is too old.</summary>
    OldRuntime,

    /// <summary>A setting switches the agent off.</summary>
    SwitchedOff,

    /// <summary>AGENT_ENVIRONMENTS does not name its environment.</summary>
    Environment,
}
