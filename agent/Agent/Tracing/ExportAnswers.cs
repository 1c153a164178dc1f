using System.Net;
using Agent.Diagnosis;

namespace Agent.Tracing;

/// <summary>Notes what goes wrong between an exporter and its receiver; the exporter itself says nothing.</summary>
/// <param name="inner">Sends.</param>
/// <param name="count">Where it is noted.</param>
/// <param name="pathProblem">What may be wrong if the receiver knows nothing at the address.</param>
/// <param name="works">Called when a request arrives, the first one or the first after a failure.</param>
sealed class ExportAnswers(HttpMessageHandler inner, ExportCount count, string? pathProblem = null, Action? works = null) : DelegatingHandler(inner)
{
    bool _works;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(base.Send(request, cancellationToken));
        }
        catch (Exception e)
        {
            Note(e);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(await base.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Note(e);
            throw;
        }
    }

    void Note(Exception e) => Fail(e is OperationCanceledException ? "no answer in time" : $"{e.GetType().Name}: {(e.InnerException ?? e).Message}");

    HttpResponseMessage Note(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            Fail($"HTTP status {(int)response.StatusCode} {response.ReasonPhrase}{(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && pathProblem is not null ? $"; {pathProblem}" : "")}");
        else if (Header(response, "grpc-status") is { } status and not "0")
            Fail($"gRPC status {status} {Header(response, "grpc-message")}".TrimEnd());
        else if (!Interlocked.Exchange(ref _works, true))
            works?.Invoke();
        return response;
    }

    void Fail(string message)
    {
        _works = false;
        count.Fail(message);
    }

    static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
