using System.Diagnostics;
using System.Net.Security;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Agent.Configuration;
using Agent.Diagnosis;
using Agent.Plugins;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Agent.Tracing;

/// <summary>The exporter for OTLP, with what the settings say.</summary>
static class OtlpExport
{
    internal const string Internals = "OpenTelemetry.Exporter.OpenTelemetryProtocol.Implementation.";
    internal const string Assembly = ", OpenTelemetry.Exporter.OpenTelemetryProtocol";

    public static SpanExporter Create(Settings settings, PluginList plugins, ExportCount count, CancellationToken ending)
    {
        var otlp = settings.Otlp;
        EventWaitHandle? stored = null;
        // Every property that the constructor reads from the environment by itself is set again: the file counts too, and what is not accepted does not.
        var options = new OtlpExporterOptions
        {
            // The SDK's own default is grpc; the specification's is http/protobuf.
            Protocol = otlp.Protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            Endpoint = new Uri(otlp.Endpoint),
            TimeoutMilliseconds = otlp.Timeout,
            Compression = otlp.IsCompressed ? OtlpExportCompression.GZip : OtlpExportCompression.None,
            Headers = null,
        };
        options.HttpClientFactory = () =>
        {
            var limit = TimeSpan.FromMilliseconds(otlp.Timeout);
            HttpMessageHandler sender = new ExportAnswers(Handler(otlp), count, otlp.PathProblem, () => stored?.Set());
            return Client(otlp, settings.Retry == "in_memory" ? new ExportRetry(sender, limit, ending) : sender, limit, options.MaxResponseSizeBytes);
        };
        options = plugins.Options(options);
        var limits = Limits(settings.ForSdk);
        var exporter = Create(options, limits, Retry(settings.ForSdk), null);
        if (settings.Retry == "disk")
            stored = Stored(exporter);
        return new SpanExporter(exporter, new OtlpRecords(exporter, limits, options, count));
    }

    /// <summary>What makes the exporter look for requests that are on disk; by itself it does so once a minute, and not at all in a process that lives shorter.</summary>
    static EventWaitHandle? Stored(OtlpTraceExporter exporter)
    {
        var transmission = TransmissionOf(exporter);
        return transmission?.GetType().GetField("exportEvent", Inside)?.GetValue(transmission) as EventWaitHandle;
    }

    const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>What sends its requests; null if it has none of that name.</summary>
    public static object? TransmissionOf(OtlpTraceExporter exporter) => typeof(OtlpTraceExporter).GetField("transmissionHandler", Inside)?.GetValue(exporter);

    /// <summary>
    /// A client of our own for two things that the exporter's does otherwise: headers whose values contain a comma (it decodes them before it
    /// takes them apart), and certificates from the variables for traces only (<see cref="Handler"/>).
    /// </summary>
    static HttpClient Client(OtlpSettings otlp, HttpMessageHandler sender, TimeSpan limit, int maxResponseSize)
    {
        var client = new HttpClient(sender) { Timeout = limit, MaxResponseContentBufferSize = maxResponseSize };
        foreach (var (name, value) in otlp.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    static SocketsHttpHandler Handler(OtlpSettings otlp)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null, // no activities: a tracer provider of the app's would take them for the app's calls
        };
        if (otlp.Certificate is not null || otlp.ClientCertificate is not null)
            UseCertificates(handler.SslOptions, otlp);
        return handler;
    }

    /// <summary>Reads the files now, where a wrong one can be said in a line, and not at the first export, which fails silently.</summary>
    static void UseCertificates(SslClientAuthenticationOptions ssl, OtlpSettings otlp)
    {
        if (otlp.Certificate is { } authorities && Read(authorities, "the system's certificate authorities", path => Pem(path)) is { } trusted)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            ssl.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }
        if (otlp.ClientCertificate is { } own)
            ssl.ClientCertificateContext = Read(own, "no client certificate", path =>
                SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(path, otlp.ClientKey?.Path), Pem(path), offline: true));
    }

    static X509Certificate2Collection Pem(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it has no certificate in PEM form");
    }

    static T? Read<T>(CertificateFile file, string instead, Func<string, T> read) where T : class
    {
        try
        {
            return read(file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            Log.Warn($"{file.Variable}={file.Path} is not accepted ({e.Message.TrimEnd('.')}); using {instead}.");
            return null;
        }
    }

    // The public constructor reads limits and retry from the environment alone.

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    static extern OtlpTraceExporter Create(
        OtlpExporterOptions options, [UnsafeAccessorType(Internals + "SdkLimitOptions" + Assembly)] object limits,
        [UnsafeAccessorType(Internals + "ExperimentalOptions" + Assembly)] object retry,
        [UnsafeAccessorType(Internals + "Transmission.OtlpExporterTransmissionHandler" + Assembly)] object? transmission);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Internals + "SdkLimitOptions" + Assembly)]
    static extern object Limits(IConfiguration configuration);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Internals + "ExperimentalOptions" + Assembly)]
    static extern object Retry(IConfiguration configuration);
}
