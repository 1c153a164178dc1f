using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;

namespace Agent.IntegrationTests;

/// <summary>Takes telemetry of any protocol and keeps each request as it came. With a certificate it speaks TLS.</summary>
sealed class RequestCollector : IAsyncDisposable
{
    readonly List<CollectedRequest> _requests = [];
    readonly WebApplication _server;
    readonly ListenOptions _listen;
    readonly string _scheme;

    RequestCollector(HttpProtocols protocols, X509Certificate2? certificate, X509Certificate2? clientAuthority)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            (listening = endpoint).Protocols = protocols;
            if (certificate is not null)
                endpoint.UseHttps(https => Secure(https, certificate, clientAuthority));
        }));
        _server = builder.Build();
        _server.Run(Take);
        _server.Start();
        _listen = listening!;
        _scheme = certificate is null ? "http" : "https";
    }

    /// <param name="certificate">What the collector shows; null for no TLS.</param>
    /// <param name="clientAuthority">Who must have signed the senders' certificates; null if they need none.</param>
    public static RequestCollector Start(HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null, X509Certificate2? clientAuthority = null) =>
        new(protocols, certificate, clientAuthority);

    /// <summary>The HTTP status that the request with this number, from 0, is answered with; over gRPC its own status, or 200 for none.</summary>
    public Func<int, int> Answer { get; set; } = static _ => StatusCodes.Status200OK;

    public string Address => $"{_scheme}://{Authority}";

    public string Authority => $"localhost:{_listen.IPEndPoint!.Port}";

    public IReadOnlyList<CollectedRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    static void Secure(HttpsConnectionAdapterOptions https, X509Certificate2 certificate, X509Certificate2? clientAuthority)
    {
        https.ServerCertificate = certificate;
        https.SslProtocols = SslProtocols.None;
        if (clientAuthority is null)
            return;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (client, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(clientAuthority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(client);
        };
    }

    async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        int number;
        lock (_requests)
        {
            number = _requests.Count;
            _requests.Add(new(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(), context.Connection.ClientCertificate?.Subject));
        }
        var status = Answer(number);
        if (context.Request.ContentType != "application/grpc")
        {
            context.Response.StatusCode = status;
            return;
        }
        context.Response.ContentType = "application/grpc";
        if (status == StatusCodes.Status200OK)
        {
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5]); // an empty message
        }
        else
        {
            context.Response.Headers["grpc-status"] = $"{status}"; // no message, so it stands in the headers
        }
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}

/// <summary>A request that carried telemetry.</summary>
sealed record CollectedRequest(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string? Client);
