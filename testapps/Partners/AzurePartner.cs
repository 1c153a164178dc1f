using Azure;
using Azure.Storage.Blobs;

namespace Partners;

/// <summary>A container of Azure's blob storage.</summary>
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
    }
}
