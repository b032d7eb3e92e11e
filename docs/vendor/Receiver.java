// Takes in what CityBridge sends, each message once, and tells it what became of an order.
//   java Receiver.java                                        listens for messages
//   java Receiver.java tell order.contacted ord_... "a note"  sends one back
import static java.nio.charset.StandardCharsets.UTF_8;
import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.security.MessageDigest;
import java.time.*;
import java.util.*;
import javax.crypto.Mac;

public class Receiver {
    static final Path INBOX = Path.of(System.getenv().getOrDefault("INBOX", "inbox"));

    static String sign(String secret, String id, String timestamp, byte[] body) throws Exception {
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    }

    static boolean isGenuine(Headers headers, byte[] body) throws Exception {
        String id = headers.getFirst("webhook-id"), timestamp = headers.getFirst("webhook-timestamp");
        String signatures = headers.getFirst("webhook-signature");
        if (id == null || signatures == null || timestamp == null || !timestamp.matches("[0-9]{1,11}")) return false;
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) return false;  // seconds
        byte[] expected = sign(System.getenv("CITYBRIDGE_SECRET"), id, timestamp, body).getBytes(UTF_8);
        return Arrays.stream(signatures.split(" ")).anyMatch(each -> MessageDigest.isEqual(expected, each.getBytes(UTF_8)));
    }

    // One file per message, complete or absent. True: it is new. Work through the folder as your time allows.
    static synchronized boolean store(String id, byte[] body) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
        Path file = INBOX.resolve(HexFormat.of().formatHex(digest) + ".json"), draft = INBOX.resolve("draft");
        if (Files.exists(file)) return false;
        Files.write(draft, body);
        try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) { written.force(true); }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (var folder = FileChannel.open(INBOX)) { folder.force(true); }
        return true;
    }

    static void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(1_000_001);  // verified as it came
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            boolean good = body.length <= 1_000_000 && isGenuine(exchange.getRequestHeaders(), body);
            if (good && store(id, body)) System.out.println(new String(body, UTF_8));
            exchange.sendResponseHeaders(good ? 204 : 401, -1);  // only now: a good message is on disk
        } catch (Exception failure) { failure.printStackTrace(); }  // no answer: the message comes again
    }

    static void tell(String type, String order, String note) throws Exception {
        String text = note.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"");
        String json = "{\"type\":\"%s\",\"data\":{\"order\":\"%s\",\"note\":\"%s\"}}".formatted(type, order, text);
        String id = "msg_" + UUID.randomUUID(), secret = System.getenv("CITYBRIDGE_HOOK_SECRET");
        for (long wait : new long[] {0, 1, 5, 30, 120}) {  // the id stays the same when the message is sent again
            Thread.sleep(wait * 1000);
            String now = Long.toString(Instant.now().getEpochSecond());
            var request = HttpRequest.newBuilder(URI.create(System.getenv("CITYBRIDGE_HOOK_URL")))
                .timeout(Duration.ofSeconds(15)).POST(HttpRequest.BodyPublishers.ofString(json))
                .headers("Content-Type", "application/json", "webhook-id", id, "webhook-timestamp", now,
                         "webhook-signature", sign(secret, id, now, json.getBytes(UTF_8))).build();
            try {
                var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                System.out.println("answered " + reply.statusCode() + ": " + reply.body());
                if (reply.statusCode() < 500 && reply.statusCode() != 429) System.exit(reply.statusCode() < 300 ? 0 : 1);
            } catch (IOException failure) { System.out.println("no answer: " + failure); }
        }
        System.exit(1);
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[0].equals("tell")) { tell(args[1], args[2], args[3]); return; }
        Files.createDirectories(INBOX);
        String port = System.getenv().getOrDefault("PORT", "8090");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(port)), 0);
        server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(8));
        server.createContext("/", Receiver::receive);
        server.start();
        System.out.println("listening on port " + server.getAddress().getPort());
    }
}
