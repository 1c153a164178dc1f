using Microsoft.Azure.Cosmos;

namespace Partners;

/// <summary>A container of Azure Cosmos DB, whose client has the options that it has unless they are set, but that it asks a gateway, which speaks HTTP.</summary>
static class CosmosPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Cosmos"] is not { } account)
            return;
        var client = new Lazy<CosmosClient>(() => new CosmosClient(account, Convert.ToBase64String("s3cret-password"u8), new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true }));
        app.MapGet("/cosmos", async (string id) =>
        {
            try
            {
                return (await client.Value.GetContainer("shop", "orders").ReadItemAsync<Order>(id, new PartitionKey("s3cret-customer"))).Resource.Text;
            }
            catch (CosmosException e)
            {
                return $"{e.StatusCode}";
            }
        });
        app.MapGet("/cosmos/query", async (string text) =>
        {
            using var orders = client.Value.GetContainer("shop", "orders").GetItemQueryIterator<Order>(new QueryDefinition("SELECT * FROM orders o WHERE o.text = @text").WithParameter("@text", text),
                requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey("s3cret-customer") });
            return (await orders.ReadNextAsync()).First().Text;
        });
    }

    sealed record Order(string Text);
}
