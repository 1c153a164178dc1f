using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Agent.Tracing;

/// <summary>
/// Sends a request once more that has failed for the moment, as OTLP asks for: after growing, random pauses, or when the receiver says, as long as
/// one request may take. On the exporter's own thread, whose queue is bounded. When the process ends, a receiver that answers is asked once more, and one
/// that is not there is not waited for (agent/decisions/0014).
/// </summary>
/// <param name="inner">Sends.</param>
/// <param name="limit">How long one request may take, with all of its attempts; the client of this handler gives up then.</param>
/// <param name="ending">The process ends.</param>
sealed class ExportRetry(HttpMessageHandler inner, TimeSpan limit, CancellationToken ending) : DelegatingHandler(inner)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(5);

    // Over HTTP/1.1 the exporter sends on its thread; then nothing here waits for another one.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Send(request, isAsync: false, cancellationToken).GetAwaiter().GetResult();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Send(request, isAsync: true, cancellationToken);

    async Task<HttpResponseMessage> Send(HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var isLast = false;
        for (var most = First; ; most = TimeSpan.FromTicks(Math.Min(most.Ticks * 3 / 2, Longest.Ticks)))
        {
            var isEnding = ending.IsCancellationRequested; // asked once for each attempt: the end may come at any time in between
            var pause = most * Random.Shared.NextDouble();
            bool IsTime() => Stopwatch.GetElapsedTime(started) + pause < limit;
            try
            {
                var response = isAsync ? await base.SendAsync(request, cancellationToken).ConfigureAwait(false) : base.Send(request, cancellationToken);
                if (!IsForTheMoment(response))
                    return response;
                pause = Wanted(response.Headers.RetryAfter) ?? pause;
                if (isLast || !IsTime())
                    return response;
                isLast = isEnding;
                response.Dispose();
            }
            catch (HttpRequestException) when (!isEnding && IsTime())
            {
                // nobody there, or gone in the middle
            }
            await Pause(pause, isAsync, cancellationToken, isEnding ? CancellationToken.None : ending).ConfigureAwait(false);
        }
    }

    /// <param name="pause">How long.</param>
    /// <param name="isAsync">Whether this thread may not wait.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="cut">Ends only the pause.</param>
    static async Task Pause(TimeSpan pause, bool isAsync, CancellationToken cancellationToken, CancellationToken cut)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
        if (isAsync)
            await Task.Delay(pause, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else
            either.Token.WaitHandle.WaitOne(pause);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>What the specification names: these statuses of HTTP, and of gRPC those that come without a message, in the headers.</summary>
    static bool IsForTheMoment(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || response.Headers.TryGetValues("grpc-status", out var status)
            && string.Concat(status) is "1" or "4" or "10" or "11" or "14" or "15"; // cancelled, deadline exceeded, aborted, out of range, unavailable, data loss

    static TimeSpan? Wanted(RetryConditionHeaderValue? retryAfter)
    {
        var wanted = retryAfter?.Delta ?? retryAfter?.Date - DateTimeOffset.UtcNow;
        return wanted < TimeSpan.Zero ? TimeSpan.Zero : wanted;
    }
}
