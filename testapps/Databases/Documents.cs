using Elastic.Clients.Elasticsearch;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Databases;

/// <summary>Stores of documents: MongoDB and Elasticsearch.</summary>
static class Documents
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration.GetConnectionString("Mongo") is { } mongo)
        {
            var readers = new MongoClient(mongo).GetDatabase("shop").GetCollection<BsonDocument>("readers");
            app.MapGet("/mongo", (string name) => readers.InsertOneAsync(new BsonDocument("name", name)));
        }
        if (app.Configuration.GetConnectionString("Elastic") is { } elastic)
        {
            var client = new ElasticsearchClient(new ElasticsearchClientSettings(new Uri(elastic)));
            app.MapGet("/elastic", async (string name) =>
            {
                var indexed = await client.IndexAsync(new Book(name), index => index.Index("books"));
                var found = await client.SearchAsync<Book>(search => search.Indices("books").QueryLuceneSyntax($"title:{name}"));
                return $"{indexed.IsValidResponse} {found.IsValidResponse}";
            });
        }
    }

    sealed record Book(string Title);
}
