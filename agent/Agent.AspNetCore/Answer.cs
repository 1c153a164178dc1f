using Agent.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore;

/// <summary>What a request has been answered with so far.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Location">Where a redirect leads.</param>
/// <param name="HasReader">Whether the client is still there, or has got everything.</param>
readonly record struct Answer(int Status, string? Location, bool HasReader)
{
    public static Answer Of(HttpContext context)
    {
        var response = context.Features.Get<IHttpResponseFeature>();
        var status = response?.StatusCode ?? StatusCodes.Status200OK;
        return new Answer(status, status is >= 300 and < 400 && response!.Headers.Location is [{ } location] ? location : null, !Client.HasLeft(context));
    }
}
