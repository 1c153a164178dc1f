using System.Reflection;
using Agent.Diagnosis;
using Agent.Instrumentations.Data;
using Agent.Instrumentations.GenAI;
using Agent.Instrumentations.Jobs;
using Agent.Instrumentations.Messaging;
using Agent.Instrumentations.Methods;
using Agent.Instrumentations.Remote;
using Agent.Instrumentations.Sdk;
using HarmonyLib;

namespace Agent;

/// <summary>The list of instrumentations. Those of ASP.NET Core are in an assembly of their own that is loaded when the framework is.</summary>
static class InstrumentationList
{
    /// <summary>Patch classes by the assembly of their target. An instrumentation is a patch class and its name here.</summary>
    internal static IReadOnlyDictionary<string, Type[]> Patches { get; } = new Dictionary<string, Type[]>
    {
        ["OpenTelemetry"] = [typeof(TracerProviderPatch), typeof(LoggerProviderPatch)],
        ["OpenTelemetry.Exporter.OpenTelemetryProtocol"] = [typeof(OtlpExporterPatch)],
        ["OpenTelemetry.Exporter.Zipkin"] = [typeof(ZipkinExporterPatch)],
        ["Akka"] = [typeof(AkkaPatch), typeof(AkkaPatch.SendPatch), typeof(AkkaPatch.UnstartedPatch), typeof(AkkaPatch.RouterPatch), typeof(AkkaPatch.RunPatch)],
        ["AWSSDK.Core"] = [typeof(AwsPatch)],
        ["Azure.Messaging.ServiceBus"] = [typeof(ServiceBusPatch)],
        ["ClickHouse.Driver"] = [typeof(ClickHousePatch), typeof(ClickHousePatch.InsertPatch)],
        ["Confluent.Kafka"] = [typeof(KafkaProducerPatch), typeof(KafkaConsumerPatch)],
        ["Coravel"] = [typeof(CoravelPatch)],
        ["CSRedisCore"] = [typeof(CSRedisCorePatch)],
        ["DotNetCore.CAP"] = [typeof(CapPatch), typeof(CapPatch.OwnPatch)],
        ["DuckDB.NET.Data"] = [typeof(DuckDBPatch)],
        ["FreeRedis"] = [typeof(FreeRedisPatch)],
        ["GraphQL"] = [typeof(GraphQLPatch)],
        ["Hangfire.Core"] = [typeof(HangfireJobPatch), typeof(HangfireJobPatch.ServerPatch), typeof(HangfireJobPatch.AnnouncementPatch), typeof(HangfireJobPatch.FilterPatch), typeof(HangfireCreatePatch)],
        ["LiteDB"] = [typeof(LiteDBPatch)],
        ["MailKit"] = [typeof(MailKitPatch)],
        ["Mediator"] = [typeof(MediatorPatch)],
        ["MediatR"] = [typeof(MediatRPatch)],
        ["Microsoft.Extensions.AI"] = [typeof(MicrosoftExtensionsAIPatch)],
        ["Microsoft.Azure.Cosmos.Client"] = [typeof(CosmosPatch), typeof(CosmosPatch.MetadataPatch)],
        ["MQTTnet"] = [typeof(MqttNetPatch)],
        ["NATS.Client.Core"] = [typeof(NatsPatch)],
        ["NATS.Client.JetStream"] = [typeof(NatsPatch.JetStreamPatch)],
        ["System.Data.Common"] = [typeof(AdoNetPatch)],
        ["Microsoft.Extensions.Caching.Abstractions"] = [typeof(MemoryCachePatch)],
        ["Microsoft.Extensions.Caching.Hybrid"] = [typeof(HybridCachePatch)],
        ["Microsoft.Extensions.Caching.Memory"] = [typeof(MemoryCacheEntryPatch)],
        ["Microsoft.Extensions.Hosting"] = [typeof(HostedServicePatch), typeof(StartupPatch)],
        ["Microsoft.AspNetCore.Hosting"] = [typeof(StartupPatch.WebHostPatch)],
        ["Orleans.Core"] = [typeof(OrleansPatch), typeof(OrleansPatch.GatewaysPatch)],
        ["Orleans.Reminders"] = [typeof(OrleansPatch.ReminderPatch), typeof(OrleansPatch.RemindersPatch)],
        ["Orleans.Runtime"] = [typeof(OrleansPatch.SiloPatch), typeof(OrleansPatch.MembershipPatch)],
        ["Orleans.Streaming"] = [typeof(OrleansPatch.StreamPatch)],
        ["Microsoft.DurableTask.Worker"] = [typeof(DurableTaskPatch)],
        ["Polly.Core"] = [typeof(PollyPatch)],
        ["Proto.Actor"] = [typeof(ProtoActorPatch)],
        ["Quartz"] = [typeof(QuartzPatch)],
        ["Rebus"] = [typeof(RebusPatch), typeof(RebusPatch.OwnPatch)],
        ["StackExchange.Redis"] = [typeof(StackExchangeRedisPatch)],
        ["System.ServiceModel.Primitives"] = [typeof(WcfClientPatch)],
        ["Temporalio"] = [typeof(TemporalioPatch), typeof(TemporalioPatch.StartWithUpdatePatch), typeof(TemporalioPatch.ActivityPatch), typeof(TemporalioPatch.WorkflowPatch), typeof(TemporalioPatch.HandlerPatch)],
        ["Wolverine"] = [typeof(WolverinePatch), typeof(WolverinePatch.LoopPatch)],
        ["WorkflowCore"] = [typeof(WorkflowCorePatch), typeof(WorkflowCorePatch.StartPatch), typeof(WorkflowCorePatch.OwnPatch), typeof(WorkflowCorePatch.MiddlewarePatch)],
        ["ZiggyCreatures.FusionCache"] = [typeof(FusionCachePatch)],
    };

    /// <summary>Patches that make no spans, and keep those of others from where they would do harm or be told again and again: they have no switch.</summary>
    internal static IReadOnlyDictionary<string, Type[]> Guards { get; } = new Dictionary<string, Type[]>
    {
        ["Microsoft.DurableTask.Worker"] = [typeof(DurableTaskPatch.SilencePatch)],
        ["Temporalio"] = [typeof(TemporalioPatch.SilencePatch)],
    };

    const string AspNetCore = "Agent.AspNetCore";

    static int _isAspNetCoreStarted;

    public static void Start()
    {
        if (AppAssemblies.HaveAspNetCore)
            LoadAspNetCore();
        var patches = Switches.Wanted(Patches, Settings.Current);
        foreach (var (assembly, guards) in Guards)
            patches[assembly] = [.. guards, .. patches.GetValueOrDefault(assembly, [])];
        new Harmony("agent").PatchWhenLoaded(patches, AgentProcess.IsEngineThere, AgentStatus.ReportMissing);
        TracedMethods.Start(Settings.Current.TraceMethods);
        LoadedAssemblies.ForEach(StartAspNetCore);
    }

    /// <summary>Before Main, because later the app might hear of it before it is hidden. Where that fails is said when it is needed.</summary>
    static void LoadAspNetCore()
    {
        try
        {
            Assembly.Load(AspNetCore);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
        }
    }

    /// <summary>Runs inside the app's own assembly load, before any code of ASP.NET Core: whatever happens must not become the app's failure.</summary>
    static void StartAspNetCore(Assembly assembly)
    {
        if (assembly.FullName?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true || Interlocked.Exchange(ref _isAspNetCoreStarted, 1) != 0)
            return;
        try
        {
            var instrumentations = Assembly.Load(AspNetCore).GetType($"{AspNetCore}.AspNetCoreInstrumentations", throwOnError: true)!;
            instrumentations.GetMethod("Start", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action>()();
        }
        catch (Exception e)
        {
            Log.Error($"the instrumentations of ASP.NET Core stay off: {e.GetType().Name}: {e.Message}");
        }
    }
}
