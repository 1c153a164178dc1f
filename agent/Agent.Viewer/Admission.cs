using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer;

/// <summary>
/// Who may ask and send. Without a token, whoever reaches the port of this machine by a name of this machine: a page of the web that has
/// its name point to 127.0.0.1 may not. With one, who shows it, as <c>Authorization: Bearer</c>; a browser by <c>?token=</c> once, which
/// becomes a cookie.
/// </summary>
sealed class Admission(ViewerOptions options)
{
    const string Cookie = "agent-viewer";

    // How containers call the machine they run on; nobody can have such a name in the web.
    static readonly string[] OurNames = ["localhost", "host.docker.internal", "host.containers.internal"];

    readonly byte[]? _token = options.Token is { } token ? Encoding.UTF8.GetBytes(token) : null;

    public Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (_token is null)
        {
            return IsOurName(context.Request.Host.Host)
                ? next(context)
                : RefuseAsync(
                    context, StatusCodes.Status421MisdirectedRequest,
                    $"The host '{context.Request.Host.Host}' is not known here; ask for localhost, or allow the name with --host.");
        }

        if (Shows(context.Request.Headers.Authorization.ToString() is ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var shown] ? shown.Trim() : "")
            || Shows(context.Request.Cookies[Cookie] ?? ""))
        {
            return next(context);
        }

        if (HttpMethods.IsGet(context.Request.Method) && Shows(context.Request.Query["token"].ToString()))
        {
            context.Response.Cookies.Append(Cookie, options.Token!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            var rest = context.Request.Query.Where(static pair => pair.Key != "token").SelectMany(static pair => pair.Value, static (pair, value) => KeyValuePair.Create(pair.Key, value));
            // Two slashes at the beginning would name another server.
            context.Response.Redirect("/" + context.Request.Path.ToUriComponent().TrimStart('/', '\\') + QueryString.Create(rest));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return RefuseAsync(
            context, StatusCodes.Status401Unauthorized,
            "A token is needed: Authorization: Bearer TOKEN (exporters: OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN), in a browser once ?token=TOKEN.");
    }

    static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }

    bool Shows(string shown) => shown.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _token);

    bool IsOurName(string host) =>
        OurNames.Contains(host, StringComparer.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || options.HostNames.Contains(host, StringComparer.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && (IPAddress.IsLoopback(address) || address.Equals(options.Address));
}
