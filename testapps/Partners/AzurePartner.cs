using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Partners;

/// <summary>A container of Azure's blob storage, and a table of its table storage.</summary>
static class AzurePartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Azure"] is not { } storage)
            return;
        var container = new BlobContainerClient(storage, "letters");
        app.MapGet("/azure/blob", async (string name) =>
        {
            var blob = container.GetBlobClient(name);
            await blob.UploadAsync(BinaryData.FromString("Dear Sir or Madam"), overwrite: true);
            return (await blob.DownloadContentAsync()).Value.Content.ToString();
        });
        app.MapGet("/azure/missing", async () =>
        {
            try
            {
                await container.GetBlobClient("missing").DownloadContentAsync();
                return "found";
            }
            catch (RequestFailedException e)
            {
                return e.ErrorCode ?? $"{e.Status}";
            }
        });

        var table = new TableClient(storage, "letters");
        app.MapGet("/azure/entity", async (string name) =>
        {
            await table.UpsertEntityAsync(new TableEntity("private", name) { ["Text"] = "Dear Sir or Madam" });
            return (await table.GetEntityAsync<TableEntity>("private", name)).Value.GetString("Text");
        });
        app.MapGet("/azure/query", async (string text) =>
        {
            var found = 0;
            await foreach (var _ in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"Text eq {text}")))
                found++;
            return $"{found}";
        });
        app.MapGet("/azure/missingentity", async () =>
        {
            try
            {
                await table.GetEntityAsync<TableEntity>("private", "missing");
                return "found";
            }
            catch (RequestFailedException e)
            {
                return e.ErrorCode ?? $"{e.Status}";
            }
        });
    }
}
