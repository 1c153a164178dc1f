using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>AWS X-Ray's «Root=1-time-unique;Parent=span id;Sampled=1» (docs.aws.amazon.com/xray, «Tracing header»).</summary>
sealed class XRayFormat : ContextFormat
{
    const string Field = "X-Amzn-Trace-Id";
    const int TimeLength = 8, UniqueLength = 24;

    public override string[] Fields => [Field];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        var traceId = activity.TraceId.ToString();
        setter(carrier, Field, $"Root=1-{traceId[..TimeLength]}-{traceId[TimeLength..]};Parent={activity.SpanId};Sampled={(activity.Recorded ? '1' : '0')}");
    }

    public override string? Extract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceState)
    {
        traceState = null;
        string? root = null, parent = null, sampled = null;
        foreach (var part in Get(carrier, getter, Field)?.Split(';', StringSplitOptions.TrimEntries) ?? [])
        {
            if (part.StartsWith("Root=", StringComparison.OrdinalIgnoreCase))
                root = part["Root=".Length..];
            else if (part.StartsWith("Parent=", StringComparison.OrdinalIgnoreCase))
                parent = part["Parent=".Length..];
            else if (part.StartsWith("Sampled=", StringComparison.OrdinalIgnoreCase))
                sampled = part["Sampled=".Length..];
        }
        if (root?.Split('-') is not ["1", { Length: TimeLength } time, { Length: UniqueLength } unique] || parent is not { Length: 16 })
            return null;
        return TraceParent(time + unique, parent, sampled != "0"); // nothing said, or «?», leaves it to us
    }
}
