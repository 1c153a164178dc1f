using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what Azure Cosmos DB's gateway answers about an account with one container, and to one who reads an item of it or looks for some; «missing» is not there, «refused» not allowed.</summary>
sealed class FakeCosmos : IDisposable
{
    const string Container = "qicAAPEvJBQ=";

    readonly HttpSite _site;

    public FakeCosmos() => _site = new(Answer);

    public string Address => _site.Address;

    public void Dispose() => _site.Dispose();

    async Task Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        await request.InputStream.CopyToAsync(Stream.Null);
        var last = request.Url!.Segments[^1];
        var place = $$"""[{"name":"Here","databaseAccountEndpoint":"{{Address}}"}]""";
        var (status, body) = last switch
        {
            "/" => (200, $$"""{"id":"here","_rid":"here","_self":"","media":"//media/","addresses":"//addresses/","_dbs":"//dbs/","writableLocations":{{place}},"readableLocations":{{place}},"userConsistencyPolicy":{"defaultConsistencyLevel":"Session"},"queryEngineConfiguration":"{\"maxSqlQueryInputLength\":262144}"}"""),
            "orders" => (200, $$"""{"id":"orders","_rid":"{{Container}}","_self":"dbs/qicAAA==/colls/{{Container}}/","partitionKey":{"paths":["/customer"],"kind":"Hash","version":2},"indexingPolicy":{"indexingMode":"consistent","automatic":true} }"""),
            "pkranges" when request.Headers["If-None-Match"] is not null => (304, ""),
            "pkranges" => (200, $$"""{"_rid":"{{Container}}","PartitionKeyRanges":[{"_rid":"qicAAPEvJBQCAAAAAAAAUA==","id":"0","_etag":"1","minInclusive":"","maxExclusive":"FF","ridPrefix":0,"throughputFraction":1,"status":"online","parents":[],"_ts":1477100776}],"_count":1}"""),
            "docs" => (200, $$"""{"_rid":"{{Container}}","Documents":[{"id":"1","Text":"Dear Sir or Madam"}],"_count":1}"""),
            "missing" => (404, """{"code":"NotFound","message":"It is not there."}"""),
            "refused" => (403, """{"code":"Forbidden","message":"It is not yours."}"""),
            _ => (200, """{"id":"1","Text":"Dear Sir or Madam"}"""),
        };
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers["etag"] = "\"1\"";
        response.Headers["x-ms-request-charge"] = "1";
        response.Headers["x-ms-session-token"] = "0:-1#1";
        response.Headers["x-ms-activity-id"] = "0af76519-16cd-43dd-8448-eb211c80319c";
        if (body.Length > 0)
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        response.Close();
    }
}
