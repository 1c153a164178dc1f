using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>GraphQL makes spans only where the app has asked for them, or an agent: this asks, once an app sets GraphQL up, without the texts of queries.</summary>
[HarmonyPatch("GraphQL.DI.GraphQLBuilderBase, GraphQL", ".ctor", MethodType.Constructor)]
static class GraphQLPatch
{
    const string Options = "GraphQL.Telemetry.GraphQLTelemetryOptions, GraphQL", Initializer = "OpenTelemetry.AutoInstrumentation.Initializer, GraphQL";

    static void Prefix()
    {
        var options = New();
        SetRecordDocument(options, false);
        Enable(null, options);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Options)]
    static extern object New();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_RecordDocument")]
    static extern void SetRecordDocument([UnsafeAccessorType(Options)] object options, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "EnableAutoInstrumentation")]
    static extern void Enable([UnsafeAccessorType(Initializer)] object? type, [UnsafeAccessorType(Options)] object options);
}
