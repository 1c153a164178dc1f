using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Agent.Configuration;

namespace Agent.Tracing;

/// <summary>How a receiver of OTLP is reached: for the exporter, and for `agent check`.</summary>
static class OtlpConnection
{
    /// <summary>
    /// A client of our own for two things that the exporter's does otherwise: headers whose values contain a comma (it decodes them before it
    /// takes them apart), and certificates from the variables for traces only (<see cref="Handler"/>).
    /// </summary>
    public static HttpClient Client(OtlpSettings otlp, HttpMessageHandler sender, TimeSpan limit, int maxResponseSize)
    {
        var client = new HttpClient(sender) { Timeout = limit, MaxResponseContentBufferSize = maxResponseSize };
        foreach (var (name, value) in otlp.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    /// <param name="otlp">The settings.</param>
    /// <param name="say">Gets a sentence for each file that is not accepted.</param>
    public static SocketsHttpHandler Handler(OtlpSettings otlp, Action<string> say)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null, // no activities: a tracer provider of the app's would take them for the app's calls
        };
        if (otlp.Certificate is not null || otlp.ClientCertificate is not null)
            UseCertificates(handler.SslOptions, otlp, say);
        return handler;
    }

    /// <summary>Reads the files now, where a wrong one can be said in a line, and not at the first export, which fails silently.</summary>
    static void UseCertificates(SslClientAuthenticationOptions ssl, OtlpSettings otlp, Action<string> say)
    {
        if (otlp.Certificate is { } authorities && Read(authorities, "the system's certificate authorities", path => Pem(path), say) is { } trusted)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            ssl.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }
        if (otlp.ClientCertificate is { } own)
            ssl.ClientCertificateContext = Read(own, "no client certificate", path =>
                SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(path, otlp.ClientKey?.Path), Pem(path), offline: true), say);
    }

    static X509Certificate2Collection Pem(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it has no certificate in PEM form");
    }

    static T? Read<T>(CertificateFile file, string instead, Func<string, T> read, Action<string> say) where T : class
    {
        try
        {
            return read(file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            say($"{file.Variable}={file.Path} is not accepted ({e.Message.TrimEnd('.')}); using {instead}.");
            return null;
        }
    }
}
