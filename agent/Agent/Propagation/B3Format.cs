using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>B3 in one header: «trace id-span id-sampled-parent's span id», the last two optional (github.com/openzipkin/b3-propagation).</summary>
class B3Format : ContextFormat
{
    const string Field = "b3";

    public override string[] Fields => [Field];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter) =>
        setter(carrier, Field, $"{activity.TraceId}-{activity.SpanId}-{(activity.Recorded ? '1' : '0')}");

    /// <summary>Both forms are read, whichever is written: a caller's choice is not ours, and the specification wants it so.</summary>
    public override string? Extract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceState)
    {
        traceState = null;
        return Single(Get(carrier, getter, Field)) ?? TraceParent(
            Get(carrier, getter, B3MultiFormat.TraceId), Get(carrier, getter, B3MultiFormat.SpanId),
            Get(carrier, getter, B3MultiFormat.Flags) == "1" || IsSampled(Get(carrier, getter, B3MultiFormat.Sampled)));
    }

    static string? Single(string? header)
    {
        var parts = header?.Split('-');
        return parts is { Length: >= 2 and <= 4 } ? TraceParent(parts[0], parts[1], IsSampled(parts.Length > 2 ? parts[2] : null)) : null;
    }

    /// <summary>Nothing said leaves the decision to the receiver, and we record; a W3C context cannot leave it open.</summary>
    static bool IsSampled(string? sampled) => sampled is not ("0" or "false");
}
