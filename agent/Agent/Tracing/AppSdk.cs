using System.Diagnostics;
using System.Reflection;

namespace Agent.Tracing;

/// <summary>
/// What happens when the app has an OpenTelemetry SDK of its own (AGENT_APP_SDK). Two providers that hear the same sources would send each span
/// twice, and the sampler of one makes the other record. The app's types are another load context's, so they are reached by reflection,
/// once per provider.
/// </summary>
static class AppSdk
{
    static int _isSaid;

    static Func<bool>? _isSuppressed;

    /// <summary>Whether the app has a provider.</summary>
    public static bool IsThere { get; private set; }

    /// <summary>Whether the app's SDK is doing something of its own, such as sending spans.</summary>
    public static bool IsSuppressed => _isSuppressed?.Invoke() == true;

    static HashSet<string> _sources = [];

    /// <summary>Whether the app has said itself that it wants to hear a source.</summary>
    public static bool Hears(string source) => _sources.Contains(source);

    /// <summary>The app begins to build a provider.</summary>
    /// <param name="services">Of that provider.</param>
    /// <param name="sdk">The app's OpenTelemetry.</param>
    public static void Begin(IServiceProvider services, Assembly sdk)
    {
        AgentProcess.WaitUntilTracing();
        _isSuppressed = sdk.GetType("OpenTelemetry.Sdk")?.GetProperty("SuppressInstrumentation")?.GetMethod?.CreateDelegate<Func<bool>>();
        if (Settings.Current.AppSdk != AppSdkMode.Join)
            return;
        Startup.Interrupt();
        const string builderType = "OpenTelemetry.Trace.TracerProviderBuilderSdk";
        var builder = sdk.GetType(builderType) is { } type ? services.GetService(type) : null;
        var add = builder?.GetType().GetMethod("AddSource", [typeof(string[])]) ?? throw new MissingMethodException(builderType, "AddSource");
        if (builder.GetType().GetProperty("Sources")?.GetValue(builder) is IEnumerable<string> own)
            _sources = [.. own];
        add.Invoke(builder, [TracerProviderSetup.Sources(Settings.Current)]);
    }

    /// <summary>The app has a provider.</summary>
    public static void Built(object provider)
    {
        var mode = Settings.Current.AppSdk;
        // One without processors sends nothing anywhere, so there is nothing to join.
        if (mode == AppSdkMode.Separate || provider.GetType().GetProperty("Processor", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)?.GetValue(provider) is not null)
            TakeOver(provider, mode);
        Startup.Begin(DateTime.UtcNow); // anew, if it has been interrupted
    }

    static void TakeOver(object provider, AppSdkMode mode)
    {
        IsThere = true;
        if (Interlocked.Exchange(ref _isSaid, 1) == 0)
            Log.Info($"the app has an OpenTelemetry of its own ({VersionOf(provider.GetType().Assembly)}): {Describe(mode)}");
        if (mode != AppSdkMode.Separate)
            AgentProcess.HandOver(standDown: mode == AppSdkMode.StandDown);
    }

    static string Describe(AppSdkMode mode) => mode switch
    {
        AppSdkMode.Join => "from now on the agent's spans go where it sends them (AGENT_APP_SDK=join).",
        AppSdkMode.Separate => "both send their spans (AGENT_APP_SDK=separate).",
        _ => "the agent stands down (AGENT_APP_SDK=stand-down).",
    };

    /// <summary>The assembly's own version is always 1.0.0.0.</summary>
    static string VersionOf(Assembly sdk)
    {
        var version = sdk.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of an unknown version";
        return version.IndexOf('+', StringComparison.Ordinal) is var commit and > 0 ? version[..commit] : version;
    }
}

/// <summary>The values of AGENT_APP_SDK.</summary>
enum AppSdkMode
{
    /// <summary>The agent's spans become the app's: its sampler, its exporters. The agent's own provider ends.</summary>
    Join,

    /// <summary>Both record and send; the app's exporters get no more than its sampler has chosen.</summary>
    Separate,

    /// <summary>The agent ends.</summary>
    StandDown,
}
