using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer;

/// <summary>
/// What is true of every answer, whoever gives it: the headers that keep a browser from taking data for something else, no request that
/// changes anything from a page of another server, and a sentence when something of ours breaks.
/// </summary>
sealed class WebGuard(Action<string> complain)
{
    // No script or style inside of a page runs, whatever a span says; nothing comes from elsewhere.
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // More different ones are hardly found before somebody looks.
    const int MostSaid = 100;

    readonly ConcurrentDictionary<string, bool> _said = [];

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        SetHeaders(context.Response.Headers);
        try
        {
            if (IsFromElsewhere(context.Request))
                await SayAsync(context, StatusCodes.Status403Forbidden, "Pages of other servers may not send anything here.");
            else
                await next(context);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // Nobody waits for an answer.
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await SayAsync(context, bad.StatusCode, bad.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var sentence = $"Agent.Viewer failed at {context.Request.Method} {StyledLine.Shorten(context.Request.Path.Value ?? "", 200)}: {failure.GetType().Name}: {StyledLine.Shorten(failure.Message, 500)}";
            if (_said.Count < MostSaid && _said.TryAdd($"{failure.GetType()} {failure.TargetSite?.DeclaringType} {failure.TargetSite}", true))
                complain(sentence + " (This is a fault of the viewer, said once.)");
            if (context.Response.HasStarted)
                context.Abort(); // what has been sent must not look whole
            else
                await SayAsync(context, StatusCodes.Status500InternalServerError, sentence);
        }
    }

    static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    static Task SayAsync(HttpContext context, int status, string sentence)
    {
        // What stands in the buffer already stays; as plain text it does no harm.
        if (context.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
            sentence = "\n\n" + sentence;
        context.Response.Clear();
        SetHeaders(context.Response.Headers);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }

    // Browsers say where a request comes from, the older ones by its origin only; exporters say nothing of the kind. Reading is left to the
    // browser, which hands nothing on as long as nobody here allows it.
    static bool IsFromElsewhere(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
