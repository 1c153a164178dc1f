using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Notebook;

/// <summary>What the framework's own metric http.server.request.duration says.</summary>
sealed class Durations : IDisposable
{
    readonly MeterListener _listener = new();

    public Durations()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "http.server.request.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
            Measured.Enqueue(new Measurement(all["http.request.method"], all.GetValueOrDefault("http.route"), all["http.response.status_code"], all.GetValueOrDefault("error.type"), seconds));
        });
        _listener.Start();
    }

    public ConcurrentQueue<Measurement> Measured { get; } = new();

    public void Dispose() => _listener.Dispose();
}

sealed record Measurement(string Method, string? Route, string Status, string? Error, double Seconds);
