using System.Diagnostics;

namespace Agent.Propagation;

/// <summary>
/// The formats of OTEL_PROPAGATORS for whatever in the process hands contexts on: ASP.NET Core, HttpClient and other libraries ask
/// <see cref="DistributedContextPropagator.Current"/>, not OpenTelemetry. All formats are written; read is the first one that is there.
/// </summary>
sealed class ContextPropagator : DistributedContextPropagator
{
    readonly ContextFormat[] _formats;
    readonly DistributedContextPropagator? _baggage;
    readonly string[] _fields;

    public ContextPropagator(IReadOnlyList<string> names)
    {
        var formats = new List<ContextFormat>();
        var fields = new List<string>();
        foreach (var name in names)
        {
            if (name == "baggage")
            {
                _baggage = CreateW3CPropagator();
                fields.Add(W3CFormat.BaggageField);
                continue;
            }
            ContextFormat format = name switch
            {
                "tracecontext" => new W3CFormat(),
                "b3" => new B3Format(),
                "b3multi" => new B3MultiFormat(),
                "jaeger" => new JaegerFormat(),
                "xray" => new XRayFormat(),
                _ => throw new ArgumentOutOfRangeException(nameof(names), name, null),
            };
            formats.Add(format);
            fields.AddRange(format.Fields);
        }
        _formats = [.. formats];
        _fields = [.. fields];
    }

    /// <summary>From now on in this process, unless the app sets one of its own.</summary>
    public static void Use(IReadOnlyList<string> names)
    {
        s_before ??= Current;
        Current = new ContextPropagator(names);
    }

    static DistributedContextPropagator? s_before;

    /// <summary>What was there before is back, unless the app has set one of its own since.</summary>
    public static void Stop()
    {
        if (s_before is { } before && Current is ContextPropagator)
            Current = before;
        s_before = null;
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Fields => _fields;

    /// <inheritdoc/>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is null || setter is null || activity.IdFormat != ActivityIdFormat.W3C)
            return;
        foreach (var format in _formats)
            format.Inject(activity, carrier, setter);
        _baggage?.Inject(activity, carrier, (to, name, value) =>
        {
            if (name == W3CFormat.BaggageField)
                setter(to, name, value);
        });
    }

    /// <inheritdoc/>
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (getter is null)
            return;
        foreach (var format in _formats)
        {
            if (format.Extract(carrier, getter, out traceState) is { } found)
            {
                traceId = found;
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => _baggage?.ExtractBaggage(carrier, getter);
}
