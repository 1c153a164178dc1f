using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Agent.Tracing;

/// <summary>
/// What happens when the app has an OpenTelemetry SDK of its own (AGENT_APP_SDK). Two providers that hear the same sources would send each span
/// twice, and the sampler of one makes the other record. The app's types are another load context's, so they are reached by reflection,
/// once per provider.
/// </summary>
static class AppSdk
{
    const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    static int _isSaid;
    static int _isFailureSaid;

    static Func<bool>? _isSuppressed;

    /// <summary>Whether the app has a provider.</summary>
    public static bool IsThere { get; private set; }

    /// <summary>Whether the app's SDK is doing something of its own, such as sending spans.</summary>
    public static bool IsSuppressed => _isSuppressed?.Invoke() == true;

    static bool _areTracesAtAzure, _areLogsAtAzure, _areLogsFiltered;

    /// <summary>
    /// Whether an exception is told of by the app's log where the agent's spans go: Azure Monitor keeps those of log records and those of spans in one
    /// place, and would have each unhandled one twice. Its filter lets through what was logged in a span with no other flag than that it is recorded; on .NET 11
    /// spans have another one, so that nothing passes that was logged in a span, and the spans have to tell of it.
    /// </summary>
    /// <param name="activity">The span that the exception has passed.</param>
    public static bool LogsExceptions(Activity activity) =>
        _areTracesAtAzure && _areLogsAtAzure && (!_areLogsFiltered || activity.ActivityTraceFlags == ActivityTraceFlags.Recorded);

    static SourceNames _sources = new([]);

    /// <summary>Of the provider that is being built, or waits for a processor.</summary>
    static object? _builder;

    /// <summary>Providers that were there before the agent was.</summary>
    static List<AppProviders> _earlier = [];

    /// <summary>Whether the app has said itself that it wants to hear a source.</summary>
    public static bool Hears(string source) => _sources.Contain(source) || _earlier.Exists(provider => provider.Hears(source));

    /// <summary>The agent is being attached: providers that the app has by now are as those that it builds later (<see cref="Built"/>).</summary>
    /// <returns>Whether the agent's spans are theirs, so that it needs no provider of its own.</returns>
    public static bool Join(Settings settings)
    {
        _earlier = settings.AppSdk == AppSdkMode.StandDown ? [] : AppProviders.Find().FindAll(found => found.Sends || settings.AppSdk == AppSdkMode.Separate);
        if (_earlier.Count == 0)
            return false;
        IsThere = true;
        var sdk = _earlier[0].Provider.GetType().Assembly;
        _isSuppressed = SuppressedIn(sdk);
        Log.Info($"the app has an OpenTelemetry of its own ({VersionOf(sdk)}): {Describe(settings.AppSdk)}");
        if (settings.AppSdk != AppSdkMode.Join)
            return false;
        TracerProviderSetup.Listen(settings);
        var sources = new SourceNames(TracerProviderSetup.Sources(settings));
        CurrentSpan.Adopt(name => sources.Contain(name) || Hears(name));
        _earlier.ForEach(provider => provider.Hear(sources));
        _areTracesAtAzure = _earlier.Exists(static found => ProcessorFor(AzureExporter + "AzureMonitorTraceExporter", found.Provider) is not null);
        return true;
    }

    static Func<bool>? SuppressedIn(Assembly sdk) => sdk.GetType("OpenTelemetry.Sdk")?.GetProperty("SuppressInstrumentation")?.GetMethod?.CreateDelegate<Func<bool>>();

    /// <summary>The app begins to build a provider.</summary>
    /// <param name="services">Of that provider.</param>
    /// <param name="sdk">The app's OpenTelemetry.</param>
    public static void Begin(IServiceProvider services, Assembly sdk)
    {
        AgentProcess.WaitUntilTracing();
        _isSuppressed = SuppressedIn(sdk);
        if (Settings.Current.AppSdk != AppSdkMode.Join)
            return;
        Startup.Interrupt();
        const string builderType = "OpenTelemetry.Trace.TracerProviderBuilderSdk";
        var builder = sdk.GetType(builderType) is { } type ? services.GetService(type) : null;
        var add = builder?.GetType().GetMethod("AddSource", [typeof(string[])]) ?? throw new MissingMethodException(builderType, "AddSource");
        _builder = builder;
        add.Invoke(builder, [TracerProviderSetup.Sources(Settings.Current)]);
    }

    /// <summary>The app has a provider.</summary>
    public static void Built(object provider)
    {
        var mode = Settings.Current.AppSdk;
        // One without processors sends nothing anywhere, so there is nothing to join.
        if (mode == AppSdkMode.Separate || provider.GetType().GetProperty("Processor", Inside)?.GetValue(provider) is not null)
            TakeOver(provider, mode);
        Startup.Begin(DateTime.UtcNow); // anew, if it has been interrupted
    }

    static void TakeOver(object provider, AppSdkMode mode)
    {
        IsThere = true;
        // Only now: what the app has added through its services has been added while the provider was built.
        if (_builder is { } builder && SourceNames.Of(builder) is { } heard)
        {
            _sources = SourceNames.Of(builder, TracerProviderSetup.Sources(Settings.Current))!; // the agent's have been added, too
            CurrentSpan.Adopt(heard.Contain);
        }
        _builder = null;
        if (Interlocked.Exchange(ref _isSaid, 1) == 0)
            Log.Info($"the app has an OpenTelemetry of its own ({VersionOf(provider.GetType().Assembly)}): {Describe(mode)}");
        if (mode == AppSdkMode.Join)
        {
            NameService(provider);
            _areTracesAtAzure = ProcessorFor(AzureExporter + "AzureMonitorTraceExporter", provider) is not null;
        }
        if (mode != AppSdkMode.Separate)
            AgentProcess.HandOver(standDown: mode == AppSdkMode.StandDown);
    }

    /// <summary>
    /// Where the app has not named its service, OpenTelemetry calls it «unknown_service:dotnet». The agent's spans, which had a name until now, keep it.
    /// Nothing has been exported yet, so no exporter has asked for the resource.
    /// </summary>
    static void NameService(object provider)
    {
        var field = provider.GetType().GetField("<Resource>k__BackingField", Inside);
        if (field?.GetValue(provider) is not { } resource || resource.GetType().GetProperty("Attributes")?.GetValue(resource) is not IEnumerable<KeyValuePair<string, object>> attributes)
            return;
        const string name = "service.name";
        if (attributes.Any(static attribute => attribute.Key == name && attribute.Value is string service && !service.StartsWith("unknown_service", StringComparison.Ordinal)))
            return;
        KeyValuePair<string, object>[] own = [new(name, AppResource.ServiceName(Settings.Current))];
        field.SetValue(provider, resource.GetType().GetMethod("Merge")!.Invoke(resource, [Activator.CreateInstance(resource.GetType(), (object)own)]));
    }

    /// <summary>
    /// An exporter of the app has tried to send spans. That it could not, it says nowhere a user looks, and since the agent has handed over, its spans are lost
    /// too. Said once.
    /// </summary>
    /// <param name="exporter">The exporter, of the app's OpenTelemetry.</param>
    /// <param name="result">Its ExportResult.</param>
    public static void Exported(object exporter, object result)
    {
        if (Convert.ToInt32(result, CultureInfo.InvariantCulture) == 0 || !IsThere || Settings.Current.AppSdk != AppSdkMode.Join || Interlocked.Exchange(ref _isFailureSaid, 1) != 0)
            return;
        var (protocol, endpoint) = PlaceOf(exporter);
        var place = endpoint is null ? exporter.GetType().Name
            : $"{protocol} to {endpoint.GetComponents(protocol == "grpc" ? UriComponents.SchemeAndServer : UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}";
        var isOtherPort = (protocol, endpoint?.Port) is ("grpc", 4318) or ("http/protobuf", 4317);
        Log.Warn($"the app's OpenTelemetry cannot send spans ({place}), and the agent's are among them."
            + (isOtherPort ? $" Port {endpoint!.Port} usually is for {(protocol == "grpc" ? "http/protobuf" : "grpc")} (OTEL_EXPORTER_OTLP_PROTOCOL)." : "")
            + " With AGENT_APP_SDK=separate the agent sends its own.");
    }

    /// <summary>How and where an OTLP exporter sends; null for others, and where it cannot be found out.</summary>
    static (string Protocol, Uri? Endpoint) PlaceOf(object exporter)
    {
        var transmission = exporter.GetType().GetField("transmissionHandler", Inside)?.GetValue(exporter);
        var client = transmission?.GetType().GetProperty("ExportClient", Inside)?.GetValue(transmission);
        if (client?.GetType().GetField("exportClient", Inside)?.GetValue(client) is { } lazy) // from 1.16 on
            client = lazy.GetType().GetProperty("Value")?.GetValue(lazy);
        var isGrpc = client?.GetType().Name.Contains("Grpc", StringComparison.Ordinal) == true;
        return (isGrpc ? "grpc" : "http/protobuf", client?.GetType().GetProperty("Endpoint", Inside)?.GetValue(client) as Uri);
    }

    /// <summary>The app has added a processor to a provider, which may have been built without any.</summary>
    public static void Added(object provider)
    {
        const string listener = "listener"; // the last thing that the constructor makes
        if (provider.GetType().GetField(listener, Inside) is { } field && field.GetValue(provider) is not null)
            Built(provider);
    }

    /// <summary>The app has added a processor to its log.</summary>
    public static void AddedToLog(object provider)
    {
        var processor = ProcessorFor(AzureExporter + "AzureMonitorLogExporter", provider);
        _areLogsAtAzure = processor is not null;
        _areLogsFiltered = processor?.Name == "LogFilteringProcessor";
    }

    const string AzureExporter = "Azure.Monitor.OpenTelemetry.Exporter.";

    /// <summary>The type of the processor that has an exporter; null if the provider has no such exporter.</summary>
    static Type? ProcessorFor(string exporter, object provider)
    {
        return Find(provider.GetType().GetProperty("Processor", Inside)?.GetValue(provider));

        Type? Find(object? processor)
        {
            var type = processor?.GetType();
            if (type?.GetField("exporter", Inside)?.GetValue(processor) is { } found && found.GetType().FullName == exporter)
                return type;
            for (var node = type?.GetField("Head", Inside)?.GetValue(processor); node is not null; node = node.GetType().GetProperty("Next", Inside)?.GetValue(node))
            {
                if (Find(node.GetType().GetField("Value", Inside)?.GetValue(node)) is { } inner)
                    return inner;
            }
            return null;
        }
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
