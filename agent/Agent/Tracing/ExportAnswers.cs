using System.Net;
using Agent.Diagnosis;

namespace Agent.Tracing;

/// <summary>Notes what goes wrong between an exporter and its receiver; the exporter itself says nothing.</summary>
sealed class ExportAnswers(HttpMessageHandler inner, ExportCount count) : DelegatingHandler(inner)
{
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

    void Note(Exception e) => count.Fail(e is OperationCanceledException ? "no answer in time" : $"{e.GetType().Name}: {(e.InnerException ?? e).Message}");

    HttpResponseMessage Note(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            count.Fail($"HTTP status {(int)response.StatusCode} {response.ReasonPhrase}");
        else if (Header(response, "grpc-status") is { } status and not "0")
            count.Fail($"gRPC status {status} {Header(response, "grpc-message")}".TrimEnd());
        return response;
    }

    static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
