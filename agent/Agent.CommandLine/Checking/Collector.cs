using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Agent.Configuration;
using Agent.Tracing;

namespace Agent.CommandLine.Checking;

/// <summary>Sends the collector an export without spans, in the way that the agent would, and says what came back.</summary>
sealed class Collector(OtlpSettings otlp)
{
    const string GrpcPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export", HttpPath = "/v1/traces";

    /// <summary>Longer than that it is slow; the agent's own limit is OTEL_EXPORTER_OTLP_TIMEOUT.</summary>
    static readonly TimeSpan Slow = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of several the quickest counts: the first one also waits for this program's own code, and on a busy machine for a processor.</summary>
    const int Attempts = 4;

    readonly Uri _address = new(otlp.Endpoint);

    bool IsGrpc => otlp.Protocol == "grpc";

    string Where => $"The collector at {SettingReader.WithoutSecrets(otlp.Endpoint)}";

    /// <summary>What is wrong with it; null if it takes spans.</summary>
    /// <param name="took">How long it took to answer.</param>
    public Finding? Probe(out TimeSpan took)
    {
        var problems = new List<string>();
        using var client = OtlpConnection.Client(otlp, OtlpConnection.Handler(otlp, problems.Add), Patience, 1 << 20);
        took = TimeSpan.MaxValue;
        var answer = Answer.None;
        for (var attempt = 0; attempt < Attempts && took >= Slow; attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            answer = Ask(client, IsGrpc, IsGrpc ? new Uri(_address, GrpcPath) : _address);
            var elapsed = Stopwatch.GetElapsedTime(started);
            took = elapsed < took ? elapsed : took;
            if (answer.Failure is not null)
                break;
        }
        if (problems is [var problem, ..])
            return new(Reason.SettingRefused, Gravity.Warning, problem, "Name a file in PEM form that the app may read.");
        return answer.Failure is { } failure ? Explain(client, failure) : Explain(client, answer, took);
    }

    Finding? Explain(HttpClient client, Answer answer, TimeSpan took)
    {
        var what = IsGrpc ? "gRPC" : "HTTP";
        switch (answer.Status, answer.Grpc)
        {
            case (200, null or "0") when IsGrpc == answer.IsGrpc:
                return took < Slow ? null
                    : new(Reason.CollectorSlow, Gravity.Warning, $"{Where} took {took.TotalSeconds:0.0} s to answer.", "Look at its load and at the network between; the agent drops spans when its queue is full.");
            case (401 or 403, _) or (200, "7" or "16"):
                return new(Reason.CollectorCredentials, Gravity.Warning, $"{Where} wants credentials, or others: it answered {answer.Said(what)}.",
                    "Set OTEL_EXPORTER_OTLP_TRACES_HEADERS to what it wants, for example OTEL_EXPORTER_OTLP_TRACES_HEADERS=api-key=….");
            case (_, _) when SpeaksTheOther(client) is { } other:
                return other;
            case (404 or 405, _):
                var usual = new Uri(_address, HttpPath).AbsoluteUri;
                var isUsual = _address.AbsolutePath == HttpPath;
                return new(Reason.CollectorPath, Gravity.Warning, $"{Where} knows nothing at the path {_address.AbsolutePath}: it answered {answer.Said(what)}.",
                    isUsual ? "Look up its address for traces over OTLP; something else may listen there." : $"Set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={usual}, which is where traces usually go.");
            default:
                return new(Reason.CollectorAnswer, Gravity.Warning, $"{Where} answered {answer.Said(what)}.", "Look into the collector's log: it is reached, and does not take spans.");
        }
    }

    Finding Explain(HttpClient client, Exception failure)
    {
        if (failure is OperationCanceledException)
            return new(Reason.CollectorSlow, Gravity.Warning, $"{Where} gave no answer within {Patience.TotalSeconds:0} s.", "Look whether it works and whether a firewall is between; nothing refuses the connection.");
        var cause = failure.InnerException ?? failure;
        if (cause is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain })
            return new(Reason.CollectorUnreachable, Gravity.Warning, $"{Where} cannot be found: the name {_address.Host} is not known here.", $"Set {Variable} to a name that is known where the app runs, such as the container's or the service's.");
        if (cause is SocketException { SocketErrorCode: var error })
            return new(Reason.CollectorUnreachable, Gravity.Warning, $"{Where} cannot be reached: {(error == SocketError.ConnectionRefused ? $"the connection was refused, nothing listens on port {_address.Port}" : cause.Message)}.",
                $"Start the collector, or set {Variable} to where it is; inside a container localhost is the container itself.");
        if (SpeaksTheOther(client) is { } other)
            return other;
        if (_address.Scheme == "https")
        {
            if (Ask(client, IsGrpc, new UriBuilder(IsGrpc ? new Uri(_address, GrpcPath) : _address) { Scheme = "http" }.Uri) is { Failure: null } plain)
                return new(Reason.CollectorTls, Gravity.Warning, $"{Where} speaks without TLS there: it answered {plain.Said("HTTP")} to a plain request.", $"Set {Variable} to an address that begins with http://.");
            return new(Reason.CollectorTls, Gravity.Warning, $"The TLS connection to {SettingReader.WithoutSecrets(otlp.Endpoint)} failed: {Plain(cause)}.",
                "If its certificate is signed by an authority of your own, set OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE to that authority's PEM file; if it wants a certificate of the app, OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE and …_CLIENT_KEY.");
        }
        if (SpeaksTls())
            return new(Reason.CollectorTls, Gravity.Warning, $"{Where} speaks TLS there, and was asked without.", $"Set {Variable} to an address that begins with https://.");
        return new(Reason.CollectorAnswer, Gravity.Warning, $"{Where} answered something that is not {(IsGrpc ? "gRPC" : "HTTP")}: {Plain(cause)}.", "Something else may listen there; look up its address for traces over OTLP.");
    }

    /// <summary>Only the handshake, with whoever it is: nothing is sent, no header with a key above all.</summary>
    bool SpeaksTls()
    {
        var isShown = false; // its certificate
        try
        {
            using var connection = new TcpClient(_address.Host, _address.Port) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
            using var secure = new SslStream(connection.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            {
                isShown = certificate is not null;
                return false;
            });
            secure.AuthenticateAsClient(_address.Host);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            // no TLS, or the certificate was not accepted, as it is to be
        }
        return isShown;
    }

    /// <summary>gRPC on the port for HTTP, or the reverse.</summary>
    Finding? SpeaksTheOther(HttpClient client)
    {
        if (IsGrpc)
        {
            if (Ask(client, isGrpc: false, new Uri(_address, HttpPath)) is not { Failure: null, IsGrpc: false, Status: not 400 } http)
                return null;
            return new(Reason.CollectorProtocol, Gravity.Warning, $"{Where} speaks HTTP there, and was asked over gRPC (to HTTP it answered {http.Said("HTTP")}).",
                $"Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf and OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={new Uri(_address, HttpPath)}, or name its port for gRPC, usually 4317.");
        }
        if (Ask(client, isGrpc: true, new Uri(_address, GrpcPath)) is not { Failure: null, IsGrpc: true })
            return null;
        return new(Reason.CollectorProtocol, Gravity.Warning, $"{Where} speaks gRPC there, and was asked over HTTP.",
            $"Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc and OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={_address.GetLeftPart(UriPartial.Authority)}, or name its port for HTTP, usually 4318.");
    }

    /// <summary>The variable that a remedy names: the one for traces only, which leaves alone what the app sends itself.</summary>
    static string Variable => "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    static Answer Ask(HttpClient client, bool isGrpc, Uri address)
    {
        // A request without spans: no bytes; over gRPC with a flag and a length before it.
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(isGrpc ? new byte[5] : []),
            Version = isGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(isGrpc ? "application/grpc" : "application/x-protobuf");
        if (isGrpc)
            request.Headers.TE.Add(new("trailers"));
        try
        {
            using var response = client.SendAsync(request, HttpCompletionOption.ResponseContentRead).GetAwaiter().GetResult(); // HTTP/2 is asynchronous only
            var grpc = Header(response.Headers, "grpc-status") ?? Header(response.TrailingHeaders, "grpc-status");
            return new((int)response.StatusCode, response.ReasonPhrase, grpc, response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) == true, null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or NotSupportedException)
        {
            return new(0, null, null, false, e);
        }
    }

    static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    static string Plain(Exception e) => (e.InnerException ?? e).Message.TrimEnd('.');

    sealed record Answer(int Status, string? Phrase, string? Grpc, bool IsGrpc, Exception? Failure)
    {
        public static Answer None { get; } = new(0, null, null, false, null);

        public string Said(string protocol) => protocol == "gRPC" && Grpc is not null ? $"gRPC status {Grpc}" : $"{Status} {Phrase}".TrimEnd();
    }
}
