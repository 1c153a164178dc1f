using System.Globalization;
using System.Reflection;
using Agent.Configuration;
using Agent.Entry;
using Agent.Tracing;
using HarmonyLib.Rejit;

namespace Agent.CommandLine.Checking;

/// <summary>
/// Looks at an app from outside: what stands between it and its traces. The rules are those that decide in the app (<see cref="Decision"/>, <see cref="Settings"/>).
/// </summary>
/// <param name="variable">Reads a variable of the environment that the app has; null if it is not set.</param>
/// <param name="app">Its files; null where only the environment is looked at.</param>
/// <param name="process">The process; null if it does not run.</param>
/// <param name="isTraced">What the agent there says of itself; null if there is none, or it does not say.</param>
sealed class Check(Func<string, string?> variable, AppFile? app, DotnetProcess? process, bool? isTraced = null)
{
    const string HooksVariable = "DOTNET_STARTUP_HOOKS";

    /// <summary>The Storefront just runs in 64 MiB by itself; the agent takes about 20 (agent/docs/costs.md).</summary>
    const long LittleMemoryInBytes = 96L << 20;

    /// <summary>What the system takes for the path of a socket.</summary>
    static readonly int LongestSocketPath = OperatingSystem.IsMacOS() ? 103 : 107;

    readonly List<Finding> _findings = [];

    /// <summary>What was found, in the order of the reasons.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings.OrderBy(static finding => finding.Reason)];

    /// <summary>What the agent makes of the settings.</summary>
    public Settings Settings { get; } = Settings.Of(app?.Folder ?? AppContext.BaseDirectory, variable);

    /// <summary>How long the collector took to answer; null if it was not asked or did not.</summary>
    public TimeSpan? CollectorTook { get; private set; }

    /// <summary>A path in the app's file system as this program sees it.</summary>
    string Seen(string path) => process?.Root + path;

    /// <summary>Looks at everything.</summary>
    public Check Look()
    {
        // The slowest part, and nothing else depends on it.
        var collector = Settings.Exporters.Contains("otlp") ? Task.Run(AskCollector) : null;
        if (app is not null)
            LookAtApp(app);
        LookAtDecision();
        LookAtDiagnostics();
        LookAtSettings();
        LookAtMemory();
        LookAtHook();
        if (collector?.GetAwaiter().GetResult() is { } problem)
            _findings.Add(problem);
        return this;
    }

    public void Add(Reason reason, Gravity gravity, string sentence, string? remedy = null) => _findings.Add(new(reason, gravity, sentence, remedy));

    void LookAtHook()
    {
        var bringsAgent = app?.BringsAgent == true;
        if (bringsAgent)
            LookAtPackage(app!);
        var hooks = string.Join(Path.PathSeparator, new[] { variable(HooksVariable), app?.Hooks }.Where(static hooks => !string.IsNullOrEmpty(hooks)));
        var names = hooks.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var hook in names)
        {
            var isPath = hook.Contains('/', StringComparison.Ordinal) || hook.Contains('\\', StringComparison.Ordinal) || hook.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
            if (isPath && !Path.IsPathFullyQualified(hook))
                Add(Reason.HookMissing, Gravity.Blocks, $"{HooksVariable} names {hook}, which is not a full path: .NET does not start the app.", $"Set {HooksVariable}={(Hooks.IsAgent(hook) ? AgentFolder.Hook : Path.GetFullPath(hook))}.");
            else if (isPath && !File.Exists(Seen(hook)))
                Add(Reason.HookMissing, Gravity.Blocks, $"{HooksVariable} names {hook}, and there is no such file: .NET does not start the app.", Hooks.IsAgent(hook) ? $"Set {HooksVariable}={AgentFolder.Hook}." : $"Take {hook} out of {HooksVariable}, or put the file there.");
        }
        var ours = names.Where(Hooks.IsAgent).ToArray();
        if (ours is [] && !bringsAgent)
            AddHookNotSet(hooks);
        if (ours.Length > 1)
            Add(Reason.HookTwice, Gravity.Warning, $"{HooksVariable} names the agent {ours.Length} times.", $"Set {HooksVariable}={Hooks.With(AgentFolder.Hook, hooks)}; two builds of it end the app.");
        if (ours is [var agent, ..] && File.Exists(Seen(agent)) && !bringsAgent)
            LookAtFolder(Path.GetDirectoryName(agent)!);
    }

    /// <summary>An app that brings the agent needs no variable.</summary>
    void LookAtPackage(AppFile app)
    {
        const string source = "the package Agent.StartupHook";
        var folder = AppFile.AgentFolderOf(Path.GetDirectoryName(AppPath)!);
        if (!Directory.Exists(Seen(folder)))
        {
            Add(Reason.OtherBuild, Gravity.Blocks, $"It has the agent's hook, from {source}, and not the folder that belongs to it ({folder} is missing).", "Publish the app again, and copy everything that lies there.");
            return;
        }
        Add(Reason.BringsAgent, Gravity.Note, $"It brings the agent itself, by {source}: {HooksVariable} is not needed.");
        LookAtFolder(folder);
        var hooks = variable(HooksVariable) ?? "";
        if (hooks.Split(Path.PathSeparator).FirstOrDefault(Hooks.IsAgent) is not { } other)
            return;
        Add(Reason.HookTwice, Gravity.Warning, $"{HooksVariable} names the agent ({other}), and the app brings it: the first of the two that runs stays.",
            Hooks.Without(hooks) is { } rest ? $"Set {HooksVariable}={rest}." : $"Take {HooksVariable} away.");
    }

    void AddHookNotSet(string hooks)
    {
        var found = $"{HooksVariable} {(hooks.Length == 0 ? "is not set" : $"is {hooks}: it does not name the agent")}{(process is null ? " in this environment" : " in the environment that it was started with")}";
        var start = $"with `agent run -- {StartCommand}`, or set {HooksVariable}={Hooks.With(AgentFolder.Hook, hooks)} where it is started";
        if (process is null)
            Add(Reason.HookNotSet, Gravity.Blocks, $"{found}.", $"Start {start}.");
        else if (isTraced is not null)
            Add(Reason.HookNotSet, Gravity.Note, $"{found}: the agent was attached while it ran, and will not be there after a restart.", $"For good, start it {start}.");
        else if (MayAttach)
            Add(Reason.HookNotSet, Gravity.Blocks, $"{found}.", $"Trace it as it runs with `agent attach {process.Id}`; for good, start it again {start}.");
        else
            Add(Reason.HookNotSet, Gravity.Blocks, $"{found}.", $"Start it again {start}.");
    }

    /// <summary>Whether nothing was found that is in the way of `agent attach`. It refuses more, with a sentence.</summary>
    bool MayAttach => process?.PortPath is not null && !_findings.Exists(static finding => finding.Gravity == Gravity.Blocks || finding.Reason is Reason.DiagnosticsOff or Reason.OtherProfiler);

    /// <summary>The app's path where it runs.</summary>
    string? AppPath => process?.App ?? app?.Path;

    string StartCommand => AppPath is not { } path ? "dotnet MyApp.dll" : path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? $"dotnet {path}" : path;

    /// <summary>What belongs to a hook.</summary>
    void LookAtFolder(string folder)
    {
        const string remedy = "Publish the agent again (./build.sh publish, which is for every system), and copy the whole folder";
        var system = SystemFolder.Name;
        var assemblies = Seen(Path.Combine(folder, "net10.0"));
        if (new[] { Path.Combine(assemblies, system, "Agent.dll"), Path.Combine(assemblies, "Agent.dll") }.FirstOrDefault(File.Exists) is not { } agent)
        {
            var others = Directory.Exists(assemblies) ? string.Join(", ", Directory.GetDirectories(assemblies).Where(static other => File.Exists(Path.Combine(other, "Agent.dll"))).Select(Path.GetFileName).Order(StringComparer.Ordinal)) : "";
            if (others.Length > 0)
                Add(Reason.OtherSystem, Gravity.Blocks, $"{folder} is made for {others}, and this is {system}.", $"{remedy}.");
            else
                Add(Reason.OtherBuild, Gravity.Blocks, $"{folder} has the hook and not the agent that belongs to it (net10.0/{system}/Agent.dll is missing).", $"{remedy}.");
        }
        else if (VersionOf(agent) is { } version && version != VersionOf(AgentFolder.Hook))
            Add(Reason.OtherBuild, Gravity.Note, $"{folder} is agent {version.ToString(3)}; this program belongs to {VersionOf(AgentFolder.Hook)?.ToString(3)} and knows the rules of that.");
        if (!File.Exists(Seen(NativePart.PathIn(folder, system))) && !_findings.Exists(static finding => finding.Reason == Reason.OtherSystem))
            Add(Reason.OtherSystem, Gravity.Warning, $"{folder} has no native part for {system}: there will be only the framework's own spans.", $"{remedy}.");
    }

    static Version? VersionOf(string file)
    {
        try
        {
            return AssemblyName.GetAssemblyName(file).Version;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    void LookAtApp(AppFile app)
    {
        if (app.IsNative)
        {
            Add(Reason.NativeAot, Gravity.Blocks, $"{AppPath} is compiled to native code (NativeAOT), where there are no startup hooks.", "Publish it without PublishAot.");
            return;
        }
        if (app.AreHooksOff)
        {
            Add(Reason.HooksSwitchedOff, Gravity.Blocks,
                $"Startup hooks are switched off in the runtimeconfig.json{(app.IsSingleFile ? " inside" : "")} of {AppPath}, as they are for file-based apps and with PublishAot or PublishTrimmed.",
                app is { IsSelfContained: true } or { IsSingleFile: true }
                    ? "Publish it without PublishTrimmed; if it is not trimmed, with the property StartupHookSupport=true."
                    : "Build it with the property StartupHookSupport=true (in a file: #:property StartupHookSupport=true).");
        }
        if (app.OpenTelemetry is { } version)
        {
            Add(Reason.OwnOpenTelemetry, Gravity.Note, $"It has an OpenTelemetry of its own ({version}). " + Settings.AppSdk switch
            {
                AppSdkMode.Join => "Where it makes a tracer provider, the agent's spans go into that, and its sampler and exporters decide (AGENT_APP_SDK=join).",
                AppSdkMode.Separate => "Both send their spans, each to its own place (AGENT_APP_SDK=separate).",
                _ => "Where it makes a tracer provider, the agent ends (AGENT_APP_SDK=stand-down).",
            });
        }
        if (process is null && Runtime is null && app.Runtime is { } asked && !app.IsSelfContained)
            Add(Reason.NoRuntime, Gravity.Blocks, $"It asks for .NET {asked.ToString(2)}, which is not installed here: .NET does not start it.", $"Install .NET {asked.Major}, or set DOTNET_ROLL_FORWARD=Major to let it run on a newer one.");
    }

    /// <summary>The version of .NET that the app runs on, or would; null if that is not known.</summary>
    Version? Runtime => _runtime ??= process is not null ? process.Runtime
        : app?.Runtime is not { } asked ? null
        : app.IsSelfContained ? asked
        : InstalledRuntimes.Choose(asked, variable("DOTNET_ROLL_FORWARD") is { Length: > 0 } policy ? policy : app.RollForward, InstalledRuntimes.Find(variable));

    Version? _runtime;

    void LookAtDecision()
    {
        var runtime = Runtime;
        var assemblies = app is null || app.IsNative ? null : string.Join(Path.PathSeparator, Directory.GetFiles(app.Folder, "*.dll"));
        var decision = Decision.Make(isFirst: true, runtime ?? new Version(Decision.OldestRuntime, 0), app?.Name, assemblies, app?.Folder, Settings.Raw);
        switch (decision.Cause)
        {
            case Cause.BuildTool:
                Add(Reason.NotAnApp, Gravity.Blocks, $"{app?.Name} is a program that builds, tests or debugs apps; the agent stays out of those.", "Look at the app that it starts.");
                break;
            case Cause.TestProject:
                Add(Reason.NotAnApp, Gravity.Blocks, $"{app?.Name} has a test platform or Aspire's AppHost among its assemblies; the agent stays out of those.", "Publish the app to a folder without them.");
                break;
            case Cause.DotnetTool:
                Add(Reason.NotAnApp, Gravity.Blocks, $"{app?.Name} is a .NET tool (DotnetToolSettings.xml lies beside it); the agent stays out of those.", "Start the app from the folder that it was built in.");
                break;
            case Cause.Excluded:
                Add(Reason.ExcludedName, Gravity.Blocks, $"OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES names {app?.Name}.", $"Take {app?.Name} out of OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES.");
                break;
            case Cause.OldRuntime:
                Add(Reason.OldRuntime, Gravity.Blocks, $"It runs on .NET {runtime}; the agent needs .NET {Decision.OldestRuntime} or later.", $"Build it for net{Decision.OldestRuntime}.0 or later, or set DOTNET_ROLL_FORWARD=Major if it is not self-contained and .NET {Decision.OldestRuntime} is installed.");
                break;
            case Cause.SwitchedOff:
                var name = Settings.Raw("OTEL_SDK_DISABLED")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true ? "OTEL_SDK_DISABLED" : "OTEL_DOTNET_AUTO_TRACES_ENABLED";
                Add(Reason.SwitchedOff, Gravity.Blocks, $"{name}={Settings.Raw(name)} switches the agent off.", $"Take {name} away.");
                break;
            case Cause.Environment:
                Add(Reason.EnvironmentNotEnabled, Gravity.Blocks, $"The environment {Decision.EnvironmentName(Settings.Raw)} is not in AGENT_ENVIRONMENTS={Settings.Raw("AGENT_ENVIRONMENTS")}.",
                    $"Add {Decision.EnvironmentName(Settings.Raw)} to AGENT_ENVIRONMENTS, or set ASPNETCORE_ENVIRONMENT to one that it names.");
                break;
        }
        if (runtime is not null && AgentProcess.Untried(runtime) is { Length: > 0 } untried)
            Add(Reason.UntriedRuntime, Gravity.Note, untried.Trim());
    }

    /// <summary>Without the runtime's diagnostics there are no patches, and only the framework's own spans.</summary>
    void LookAtDiagnostics()
    {
        const string consequence = "methods cannot be patched, and there are only the framework's own spans";
        if (DiagnosticsSwitch.Off(variable) is { } off)
            Add(Reason.DiagnosticsOff, Gravity.Warning, $"{off} switches the runtime's diagnostics off: {consequence}.", $"Take {off.Split('=')[0]} away.");
        if (variable("CORECLR_ENABLE_PROFILING")?.Trim() == "1")
            Add(Reason.OtherProfiler, Gravity.Warning, $"CORECLR_ENABLE_PROFILING=1 loads another profiler ({variable("CORECLR_PROFILER")}), and .NET has room for one: {consequence}.", "Take CORECLR_ENABLE_PROFILING away, or do without one of the two.");
        var folder = variable("TMPDIR") is { Length: > 0 } set ? set : "/tmp";
        if (OperatingSystem.IsWindows() || _findings.Exists(static finding => finding.Reason == Reason.DiagnosticsOff))
            return;
        var inThere = $"the folder for temporary files, {folder},";
        if (process is null ? !Replacement.MayWrite(folder) : process.PortPath is null && process.HasRuntime)
            Add(Reason.NoSocket, Gravity.Warning, process is null ? $"The runtime cannot make its diagnostics socket, because {inThere} cannot be written: {consequence}." : $"It has no diagnostics socket in {inThere} which could not be written, or has been emptied: {consequence}.",
                "Set TMPDIR to a folder that can be written, in a container with a read-only root TMPDIR=/dev/shm.");
        else if (folder.Length + "/dotnet-diagnostic-4194304-1234567890-socket".Length > LongestSocketPath)
            Add(Reason.NoSocket, Gravity.Warning, $"The path of {inThere} is too long for a socket: {consequence}.", "Set TMPDIR to a folder with a shorter path.");
    }

    void LookAtSettings()
    {
        foreach (var problem in Settings.Problems)
            Add(Reason.SettingRefused, Gravity.Warning, problem, $"Write {problem.Split('=', ':', ' ')[0]} as it is accepted; agent/docs/settings.md has every setting.");
        if (Settings.Exporters is [])
            Add(Reason.ExportsNowhere, Gravity.Blocks, "OTEL_TRACES_EXPORTER=none: spans are made and thrown away.", "Take OTEL_TRACES_EXPORTER away, or set it to otlp.");
        if (Settings.Sampler is "always_off" || Settings.Sampler.EndsWith("traceidratio", StringComparison.Ordinal) && Settings.SamplerRatio == 0)
            Add(Reason.SamplesNothing, Gravity.Blocks, $"OTEL_TRACES_SAMPLER={Settings.Sampler}{(Settings.Sampler == "always_off" ? "" : " with OTEL_TRACES_SAMPLER_ARG=0")} takes no trace.", "Take OTEL_TRACES_SAMPLER away, or set it to parentbased_always_on.");
    }

    void LookAtMemory()
    {
        if (ContainerMemory.Limit(process is null ? "self" : process.Id.ToString(CultureInfo.InvariantCulture)) is { } limit and <= LittleMemoryInBytes)
            Add(Reason.LittleMemory, Gravity.Warning, $"Its container has {limit >> 20} MiB of memory, of which the agent takes about 20 under load; the system ends what needs more.", "Give it 32 MiB more.");
        if (variable("DOTNET_GCHeapHardLimit") is { Length: > 0 } heap && long.TryParse(heap.Replace("0x", "", StringComparison.OrdinalIgnoreCase), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bytes) && bytes <= LittleMemoryInBytes / 2)
            Add(Reason.LittleMemory, Gravity.Warning, $"DOTNET_GCHeapHardLimit={heap} leaves {bytes >> 20} MiB for objects, of which the agent takes about 10 under load.", "Raise DOTNET_GCHeapHardLimit by 10 MiB.");
    }

    Finding? AskCollector()
    {
        var problem = new Collector(Settings.Otlp).Probe(out var took);
        CollectorTook = problem is null ? took : null;
        return problem;
    }
}
