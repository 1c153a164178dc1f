using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>B3 in several headers.</summary>
sealed class B3MultiFormat : B3Format
{
    public const string TraceId = "X-B3-TraceId", SpanId = "X-B3-SpanId", Sampled = "X-B3-Sampled", Flags = "X-B3-Flags";

    public override string[] Fields => [TraceId, SpanId, Sampled, Flags];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        setter(carrier, TraceId, activity.TraceId.ToString());
        setter(carrier, SpanId, activity.SpanId.ToString());
        setter(carrier, Sampled, activity.Recorded ? "1" : "0");
    }
}
