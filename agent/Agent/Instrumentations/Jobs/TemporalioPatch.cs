using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Instrumentations.Messaging;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// What a client of Temporal's asks of workflows, and its context in the headers: innermost, where the app's interceptors have had their turn, and before the app's codec has. All spans stand
/// aside where the app has Temporal's own tracing interceptor.
/// </summary>
[HarmonyPatch("Temporalio.Client.TemporalClient+Impl, Temporalio", "StartWorkflowAsync")]
static partial class TemporalioPatch
{
    const string Client = "Temporalio.Client.TemporalClient+Impl";

    /// <summary>Whether the library's use is traced by somebody else.</summary>
    public static bool IsTracedByApp => AppInstrumentations.Make(Libraries.Temporal);

    static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Temporalio", Client).Where(static method => Request.Kinds.ContainsKey(method.Name));

    static void Prefix(MethodBase __originalMethod, ref object? input, out JobSpan? __state)
    {
        __state = null;
        if (input is null || IsTracedByApp)
            return;
        var request = Request.Kinds[__originalMethod.Name];
        __state = JobSpan.Start($"{request.Verb} {request.NameOf(input)}", request.Kind);
        if (__state is not null)
            input = request.WithContext(input, __state.ToActivity());
    }

    static void Finalizer(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);

    /// <summary>A workflow that is started by the first update of it has headers of its own.</summary>
    [HarmonyPatch("Temporalio.Client.TemporalClient+Impl, Temporalio", "CreateStartWorkflowRequestAsync")]
    internal static class StartWithUpdatePatch
    {
        static void Prefix(ref object? headers)
        {
            if (JobSpan.Around is { } span)
                headers = TemporalHeaders.With(headers, span.ToActivity());
        }
    }

    /// <summary>One run of an activity, in the trace of the workflow that has scheduled it; again for each time that it is tried.</summary>
    [HarmonyPatch("Temporalio.Worker.ActivityWorker+InboundImpl, Temporalio", "ExecuteActivityAsync")]
    internal static class ActivityPatch
    {
        static void Prefix(object input, out TemporalActivitySpan? __state) => __state = IsTracedByApp ? null : TemporalActivitySpan.Begin(input);

        static void Finalizer(Exception? __exception, Task? __result, TemporalActivitySpan? __state) => __state?.End(__exception, __result);
    }

    /// <summary>One of the things that are asked for; it comes as a record with the arguments of the call.</summary>
    sealed class Request(string verb, ActivityKind kind, string name)
    {
        public static Dictionary<string, Request> Kinds { get; } = new Dictionary<string, Request>
        {
            ["StartWorkflowAsync"] = new("start", ActivityKind.Producer, "Workflow"),
            ["StartActivityAsync"] = new("start", ActivityKind.Producer, "Activity"),
            ["SignalWorkflowAsync"] = new("signal", ActivityKind.Producer, "Signal"),
            ["QueryWorkflowAsync"] = new("query", ActivityKind.Client, "Query"),
            ["StartWorkflowUpdateAsync"] = new("update", ActivityKind.Client, "Update"),
            ["StartUpdateWithStartWorkflowAsync"] = new("update", ActivityKind.Client, "Update"),
        };

        Func<object, string>? _name;
        FieldInfo? _headers;

        public string Verb => verb;

        public ActivityKind Kind => kind;

        public string NameOf(object input) => (_name ??= Reader<string>.Of(input.GetType(), name))?.Invoke(input) ?? "";

        /// <summary>A copy: the app's interceptors may have kept the other one, and may ask with it once more.</summary>
        public object WithContext(object input, Activity sender)
        {
            _headers ??= input.GetType().GetField("<Headers>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
            if (_headers is null)
                return input;
            var copy = Clone(input);
            _headers.SetValue(copy, TemporalHeaders.With(_headers.GetValue(input), sender));
            return copy;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    static extern object Clone(object of);
}
