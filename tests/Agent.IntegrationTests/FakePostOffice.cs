using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>A SOAP service: writes to whoever is named, and refuses to write to nobody.</summary>
sealed class FakePostOffice : IDisposable
{
    readonly HttpSite _site = new(Answer);

    public string Address => _site.Address;

    public void Dispose() => _site.Dispose();

    static async Task Answer(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var isRefused = (await reader.ReadToEndAsync()).Contains("nobody", StringComparison.Ordinal);
        var body = isRefused
            ? "<s:Fault><faultcode>s:Client</faultcode><faultstring>Nobody reads letters.</faultstring></s:Fault>"
            : "<WriteResponse xmlns='http://post.example/'><WriteResult>Dear Ada</WriteResult></WriteResponse>";
        context.Response.StatusCode = isRefused ? 500 : 200;
        context.Response.ContentType = "text/xml; charset=utf-8";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{body}</s:Body></s:Envelope>"));
        context.Response.Close();
    }
}
