namespace Agent.CommandLine.Checking;

/// <summary>Something that `agent check` has found.</summary>
/// <param name="Reason">What it is.</param>
/// <param name="Gravity">What it means for the traces.</param>
/// <param name="Sentence">What is there, in a plain sentence.</param>
/// <param name="Remedy">What to do about it; null if nothing needs to be done.</param>
sealed record Finding(Reason Reason, Gravity Gravity, string Sentence, string? Remedy = null);

/// <summary>What a finding means for the traces.</summary>
enum Gravity
{
    /// <summary>It is good to know.</summary>
    Note,

    /// <summary>There are fewer spans than there could be, or they do not arrive.</summary>
    Warning,

    /// <summary>There are none.</summary>
    Blocks,
}

/// <summary>Everything that `agent check` knows. The page agent/docs/command-line.md has each.</summary>
enum Reason
{
    /// <summary>DOTNET_STARTUP_HOOKS does not name the agent.</summary>
    HookNotSet,

    /// <summary>DOTNET_STARTUP_HOOKS names a file that is not there, or not by a full path: .NET does not start the app.</summary>
    HookMissing,

    /// <summary>DOTNET_STARTUP_HOOKS names the agent twice.</summary>
    HookTwice,

    /// <summary>The app brings the agent itself, as a package does.</summary>
    BringsAgent,

    /// <summary>The hook's folder has not all that belongs to it, or is of another version than this program.</summary>
    OtherBuild,

    /// <summary>The hook's folder is made for another system or processor.</summary>
    OtherSystem,

    /// <summary>.NET 9 or older.</summary>
    OldRuntime,

    /// <summary>Newer than what was tried.</summary>
    UntriedRuntime,

    /// <summary>The version of .NET that the app asks for is not installed.</summary>
    NoRuntime,

    /// <summary>Startup hooks are switched off in runtimeconfig.json.</summary>
    HooksSwitchedOff,

    /// <summary>Compiled to native code.</summary>
    NativeAot,

    /// <summary>The runtime's diagnostics are switched off.</summary>
    DiagnosticsOff,

    /// <summary>The runtime cannot make its diagnostics socket.</summary>
    NoSocket,

    /// <summary>Another profiler is set.</summary>
    OtherProfiler,

    /// <summary>Methods could not be patched, for another reason.</summary>
    NotPatched,

    /// <summary>The app has an OpenTelemetry of its own.</summary>
    OwnOpenTelemetry,

    /// <summary>OTEL_SDK_DISABLED or OTEL_DOTNET_AUTO_TRACES_ENABLED.</summary>
    SwitchedOff,

    /// <summary>AGENT_ENVIRONMENTS does not name the environment.</summary>
    EnvironmentNotEnabled,

    /// <summary>OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES names the app.</summary>
    ExcludedName,

    /// <summary>A program that builds, tests or debugs apps; a test project; a .NET tool.</summary>
    NotAnApp,

    /// <summary>A setting's value is not accepted.</summary>
    SettingRefused,

    /// <summary>The container's memory is scarce.</summary>
    LittleMemory,

    /// <summary>OTEL_TRACES_EXPORTER=none.</summary>
    ExportsNowhere,

    /// <summary>The sampler takes no trace.</summary>
    SamplesNothing,

    /// <summary>Nobody listens at the collector's address, or the address is unknown.</summary>
    CollectorUnreachable,

    /// <summary>The collector's certificate is not trusted, or only one side speaks TLS.</summary>
    CollectorTls,

    /// <summary>The collector knows nothing at that path.</summary>
    CollectorPath,

    /// <summary>gRPC on the port for HTTP, or the reverse.</summary>
    CollectorProtocol,

    /// <summary>The collector wants credentials.</summary>
    CollectorCredentials,

    /// <summary>The collector takes long, or does not answer.</summary>
    CollectorSlow,

    /// <summary>The collector answers something else.</summary>
    CollectorAnswer,

    /// <summary>Spans were lost in the running process.</summary>
    SpansLost,

    /// <summary>The agent was detached from the running process.</summary>
    Detached,

    /// <summary>The hook has run in the process, the agent has not.</summary>
    AgentNotRunning,

    /// <summary>The agent runs and does not tell its status.</summary>
    NoStatus,
}
