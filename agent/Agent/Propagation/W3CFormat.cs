using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>W3C Trace Context, as .NET speaks it: traceparent and tracestate, without the baggage that it would send along.</summary>
sealed class W3CFormat : ContextFormat
{
    public const string BaggageField = "baggage";

    static readonly DistributedContextPropagator Framework = DistributedContextPropagator.CreateW3CPropagator();

    public override string[] Fields => ["traceparent", "tracestate"];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter) =>
        Framework.Inject(activity, carrier, (to, name, value) =>
        {
            if (name != BaggageField)
                setter(to, name, value);
        });

    public override string? Extract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceState)
    {
        Framework.ExtractTraceIdAndState(carrier, getter, out var traceParent, out traceState);
        return ActivityContext.TryParse(traceParent, traceState, out _) ? traceParent : null;
    }
}
