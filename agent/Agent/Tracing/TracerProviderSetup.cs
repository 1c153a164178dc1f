using System.Diagnostics;
using Agent.Diagnosis;
using Agent.Instrumentations;
using Agent.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>Builds the tracer provider: which sources, which resource, which exporter.</summary>
static class TracerProviderSetup
{
    static Action<SpanRecord>? s_records;

    public static TracerProvider Build(Settings settings, PluginList plugins)
    {
        Listen(settings); // before the provider does, so that spans are tidied before they are sent
        var provider = BuildWith(plugins, settings) ?? Builder(settings, PluginList.None).Build();
        BookkeepingSpans.Start(settings);
        Prepare();
        if (!AppSdk.IsThere)
            CurrentSpan.Records = s_records;
        AgentStatus.Plugins = plugins.Names;
        plugins.Initialized(provider);
        return provider;
    }

    /// <summary>Whatever is beside a provider, the agent's or the app's.</summary>
    public static void Listen(Settings settings)
    {
        LibrarySpans.Start();
        AppInstrumentations.Start();
        GrpcClientSpans.Start();
        AzureSpans.Start(settings);
        GenerativeAiSpans.Start(settings);
        IgnoredCalls.Start(settings);
        HedgedAttempts.Start(settings);
        HubSpans.Start();
        AgentStatus.Listened = Sources(settings);
    }

    /// <summary>Null if the plugins have set up something that cannot be built: then it is built without them.</summary>
    static TracerProvider? BuildWith(PluginList plugins, Settings settings)
    {
        if (plugins.IsEmpty)
            return null;
        try
        {
            return Builder(settings, plugins).Build();
        }
        catch (Exception e)
        {
            Log.Error($"with what the plugins have configured there is no tracer provider ({e.GetType().Name}: {e.Message.TrimEnd('.')}); using one without them.");
            return null;
        }
    }

    static TracerProviderBuilder Builder(Settings settings, PluginList plugins)
    {
        var empty = Sdk.CreateTracerProviderBuilder();
        if (ClientData.IsThere)
            empty.AddProcessor(new ClientData()); // first: nobody who sends spans sees what it takes out
        if (Attachment.IsLate)
            empty.AddProcessor(new OpenTraces());
        var builder = plugins.Configure("BeforeConfigureTracerProvider", empty)
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(settings.ForSdk))
            .AddSource(Sources(settings))
            .SetResourceBuilder(plugins.Configure(AppResource.Builder(settings)));
        foreach (var name in settings.AdditionalLegacySources)
            builder.AddLegacySource(name);
        if (RequestSampler.IsNeeded(settings))
            builder.SetSampler(settings.AppSdk == AppSdkMode.Separate ? new SeparateSampler(RequestSampler.Start(settings)) : RequestSampler.Start(settings));
        builder = plugins.Configure("AfterConfigureTracerProvider", builder);
        s_records = Exporters.Add(builder, settings, plugins); // last: what the processors of plugins say counts
        ((IDeferredTracerProviderBuilder)builder).Configure(static (_, sdk) => // also what plugins have added; and before the provider listens
        {
            if (SourceNames.Of(sdk) is { } heard)
                CurrentSpan.Adopt(heard.Contain);
        });
        return builder;
    }

    /// <summary>What is heard: the agent's own sources, those of the framework and of libraries, and those that the user has named.</summary>
    public static string[] Sources(Settings settings)
    {
        List<string> sources = [Names.DispatchSource, Names.DataSource, Names.MessagingSource, Names.JobSource, Names.MethodSource, Names.RemoteSource, Names.StartSource];
        foreach (var library in Libraries.All)
        {
            if (library.Sources.Length > 0 && library.IsOn(settings) && (library.Assembly is null || AppAssemblies.MayHave(library.Assembly)))
                sources.AddRange(library.Sources);
        }
        return [.. sources, .. settings.AdditionalSources];
    }

    /// <summary>
    /// Begins and ends one span that is not sent, so that what the first span of a process has to load and compile is done here,
    /// beside the app's start, and not in its first request.
    /// </summary>
    static void Prepare()
    {
        using var source = new ActivitySource(Names.StartSource);
        using var parent = source.StartActivity("start");
        var span = CurrentSpan.Begin(source, "start", tags: [new(Names.Kind, DispatchKind.Hook)]);
        span?.SetTag(Names.ResultStatus, 200).SetTag(Names.Kind, null);
        foreach (var activity in (Activity?[])[span?.Activity, parent])
        {
            if (activity is not null)
                activity.IsAllDataRequested = false; // so processors are not told of its end
        }
        if (span is not null)
            CurrentSpan.End(span);
    }
}
