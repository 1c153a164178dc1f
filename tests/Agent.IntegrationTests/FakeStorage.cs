using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what the blob storage and the table storage of Azure and the object storage of AWS answer when something is stored, or asked for; «missing» is not there.</summary>
sealed class FakeStorage : IDisposable
{
    readonly HttpSite _site = new(Answer);

    public string Address => _site.Address;

    public void Dispose() => _site.Dispose();

    static async Task Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var isMissing = request.Url!.AbsolutePath.EndsWith("/missing", StringComparison.Ordinal);
        await request.InputStream.CopyToAsync(Stream.Null);
        response.Headers["x-ms-request-id"] = response.Headers["x-amz-request-id"] = "request-1";
        response.Headers["ETag"] = "\"08183ab02548f5c8e7bc26b9a0e8bfed\""; // the text's MD5, which AWS's client checks
        response.Headers["Last-Modified"] = "Thu, 01 Jan 2026 00:00:00 GMT";
        response.Headers["x-ms-blob-type"] = "BlockBlob";
        response.Headers["x-ms-creation-time"] = "Thu, 01 Jan 2026 00:00:00 GMT";
        response.StatusCode = isMissing ? 404 : request.HttpMethod == "GET" || request.Headers["x-ms-version"] is null ? 200 : 201;
        if (request.Url.AbsolutePath.EndsWith(')')) // an entity or a query
        {
            isMissing = request.Url.AbsolutePath.Contains("'missing'", StringComparison.Ordinal);
            response.StatusCode = isMissing ? 404 : request.HttpMethod == "GET" ? 200 : 204;
            response.ContentType = "application/json";
            const string Entity = """{ "PartitionKey": "private", "RowKey": "first", "Text": "Dear Sir or Madam" }""";
            if (request.HttpMethod == "GET")
            {
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(isMissing ? """{ "odata.error": { "code": "ResourceNotFound", "message": { "lang": "en-US", "value": "It is not there." } } }"""
                    : request.Url.AbsolutePath.EndsWith("()", StringComparison.Ordinal) ? $$"""{ "value": [{{Entity}}] }""" : Entity));
            }
        }
        else if (isMissing)
        {
            response.Headers["x-ms-error-code"] = "BlobNotFound";
            response.ContentType = "application/xml";
            await response.OutputStream.WriteAsync("<Error><Code>NoSuchKey</Code><Message>It is not there.</Message><RequestId>request-1</RequestId></Error>"u8.ToArray());
        }
        else if (request.HttpMethod == "GET")
        {
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes("Dear Sir or Madam"));
        }
        response.Close();
    }
}
