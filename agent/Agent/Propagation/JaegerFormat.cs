using System.Diagnostics;
using System.Globalization;

namespace Agent.Propagation;

/// <summary>Jaeger's «trace id:span id:parent's span id:flags» (jaegertracing.io, «Propagation format»).</summary>
sealed class JaegerFormat : ContextFormat
{
    const string Field = "uber-trace-id";

    public override string[] Fields => [Field];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter) =>
        setter(carrier, Field, $"{activity.TraceId}:{activity.SpanId}:0:{(activity.Recorded ? '1' : '0')}");

    public override string? Extract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceState)
    {
        traceState = null;
        var parts = Get(carrier, getter, Field)?.Replace("%3A", ":", StringComparison.OrdinalIgnoreCase).Split(':'); // some clients encode it
        if (parts is not { Length: 4 } || !byte.TryParse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flags))
            return null;
        return TraceParent(parts[0], parts[1], (flags & 1) != 0);
    }
}
