using NATS.Client.Core;
using NATS.Net;

namespace Partners;

/// <summary>A subject with a subscriber that answers.</summary>
static class NatsPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Nats"] is not { } address)
            return;
        app.MapGet("/nats/publish", async (string name) =>
        {
            await using var client = new NatsClient(address);
            await using var subscription = await client.Connection.SubscribeCoreAsync<string>("letters");
            await client.PublishAsync("letters", $"Dear {name}");
            var message = await subscription.Msgs.ReadAsync();
            return message.Data;
        });
        app.MapGet("/nats/request", async (string name) =>
        {
            await using var client = new NatsClient(address);
            await using var subscription = await client.Connection.SubscribeCoreAsync<string>("letters.write");
            var answering = Answer(subscription);
            var reply = await client.RequestAsync<string, string>("letters.write", name);
            await answering;
            return reply.Data;
        });
    }

    static async Task Answer(INatsSub<string> subscription)
    {
        var message = await subscription.Msgs.ReadAsync();
        await message.ReplyAsync($"Dear {message.Data}");
    }
}
