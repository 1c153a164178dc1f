using NATS.Client.Core;
using NATS.Client.JetStream.Models;
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
        app.MapGet("/nats/worker", async (string name) =>
        {
            await using var client = new NatsClient(address);
            await using var done = await client.Connection.SubscribeCoreAsync<string>("done");
            using var stop = new CancellationTokenSource();
            var subscribed = new TaskCompletionSource();
            var work = InTheBackground(() => Work(client, subscribed, stop.Token));
            await InTheBackground(async () =>
            {
                while (!subscribed.Task.IsCompleted) // what is published before the subscription is there is lost
                {
                    await client.PublishAsync("letters.ready", "");
                    await client.PingAsync();
                }
            });
            await client.PublishAsync($"letters.{name}@example", name);
            var message = await done.Msgs.ReadAsync();
            await stop.CancelAsync();
            await work;
            return message.Data;
        });
        app.MapGet("/nats/stream", async (string name) =>
        {
            await using var client = new NatsClient(address);
            var streams = client.CreateJetStreamContext();
            await streams.CreateStreamAsync(new StreamConfig("post", ["post.*"]));
            var consumer = await streams.CreateOrUpdateConsumerAsync("post", new ConsumerConfig("clerk"));
            var first = new TaskCompletionSource<string?>();
            using var stop = new CancellationTokenSource();
            var work = InTheBackground(async () =>
            {
                try
                {
                    await foreach (var message in consumer.ConsumeAsync<string>(cancellationToken: stop.Token))
                    {
                        await client.PublishAsync("done", message.Data);
                        await message.AckAsync();
                        first.TrySetResult(message.Data);
                    }
                }
                catch (OperationCanceledException)
                {
                }
            });
            await streams.PublishAsync("post.4711", $"Dear {name}");
            var data = await first.Task;
            await stop.CancelAsync();
            await work;
            return data;
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

    /// <summary>As a hosted service does it: nothing of a request's is around it.</summary>
    static Task InTheBackground(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }

    static async Task Work(NatsClient client, TaskCompletionSource subscribed, CancellationToken stop)
    {
        try
        {
            await foreach (var message in client.SubscribeAsync<string>("letters.*", cancellationToken: stop))
            {
                subscribed.TrySetResult();
                await Task.Yield();
                if (message.Subject != "letters.ready")
                    await client.PublishAsync("done", $"Dear {message.Data}", cancellationToken: stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    static async Task Answer(INatsSub<string> subscription)
    {
        var message = await subscription.Msgs.ReadAsync();
        await message.ReplyAsync($"Dear {message.Data}");
    }
}
