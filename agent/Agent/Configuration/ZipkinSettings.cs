namespace Agent.Configuration;

/// <summary>OTEL_EXPORTER_ZIPKIN_….</summary>
sealed class ZipkinSettings
{
    public ZipkinSettings(SettingReader reader)
    {
        Endpoint = reader.Address("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "http://localhost:9411/api/v2/spans");
        Timeout = reader.Timeout("OTEL_EXPORTER_ZIPKIN_TIMEOUT", 10000);
    }

    /// <summary>Where spans go.</summary>
    public string Endpoint { get; }

    /// <summary>How many milliseconds the receiver may take for a request.</summary>
    public int Timeout { get; }
}
