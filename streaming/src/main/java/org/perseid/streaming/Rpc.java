package org.perseid.streaming;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0 messages. Batches are not taken. */
public final class Rpc {
    /** Most levels of arrays and objects in each other. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_METHOD = 100;

    private static final ObjectMapper MAPPER =
            new ObjectMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(MAX_DEPTH)
                                            .maxNumberLength(64)
                                            .build())
                            .build());

    private Rpc() {}

    /**
     * A request; a notification when it has no id.
     *
     * @param id text, number or null
     * @param params object or array; {@link MissingNode} for none
     */
    public record Request(@Nullable JsonNode id, String method, JsonNode params) {
        /**
         * A member of the parameters that is text.
         *
         * @throws CallException when it is missing or something else
         */
        public String text(String name) {
            JsonNode value = params.path(name);
            if (!value.isTextual()) {
                throw CallException.params(
                        method + ": '" + name + "' must be text, found " + found(value));
            }
            return value.textValue();
        }

        /**
         * A member of the parameters that is a finite number.
         *
         * @throws CallException when it is missing or something else
         */
        public double number(String name) {
            JsonNode value = params.path(name);
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw CallException.params(
                        method + ": '" + name + "' must be a number, found " + found(value));
            }
            return value.doubleValue();
        }

        /** A member of the parameters that is a truth value, false when it is missing. */
        public boolean flag(String name) {
            return params.path(name).asBoolean(false);
        }
    }

    /** How a value is named in messages. */
    static String found(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    /**
     * Parses a message.
     *
     * @return the JSON, of any kind
     * @throws CallException when it is none
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node != null && !node.isMissingNode()) {
                return node;
            }
            throw new CallException(CallException.PARSE, "the message is empty");
        } catch (JsonProcessingException e) {
            throw new CallException(
                    CallException.PARSE, "the message is no JSON: " + e.getOriginalMessage());
        }
    }

    /**
     * The request that a message is; a reply, which has no method, is not one.
     *
     * @throws CallException when it is none
     */
    public static Request request(JsonNode message) {
        JsonNode method = message.path("method");
        if (!message.isObject()
                || !"2.0".equals(message.path("jsonrpc").textValue())
                || !method.isTextual()
                || method.textValue().length() > MAX_METHOD) {
            throw new CallException(
                    CallException.INVALID_REQUEST,
                    "expected one JSON-RPC 2.0 request {\"jsonrpc\":\"2.0\",\"method\":...}");
        }
        JsonNode params = message.path("params");
        if (!params.isMissingNode() && !params.isContainerNode()) {
            throw CallException.params("params must be an object or an array");
        }
        return new Request(idOf(message), method.textValue(), params);
    }

    /** The id that a reply must have; null for none. */
    public static @Nullable JsonNode idOf(JsonNode message) {
        JsonNode id = message.path("id");
        return id.isTextual() || id.isNumber() ? id : null;
    }

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A value as JSON. */
    public static JsonNode json(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A reply. */
    public static String result(JsonNode id, JsonNode result) {
        ObjectNode out = object().put("jsonrpc", "2.0");
        out.set("id", id);
        out.set("result", result);
        return out.toString();
    }

    /** A reply that says what is wrong. */
    public static String error(@Nullable JsonNode id, CallException e) {
        ObjectNode out = object().put("jsonrpc", "2.0");
        out.set("id", id);
        out.putObject("error").put("code", e.code()).put("message", e.getMessage());
        return out.toString();
    }

    /** Something that is not answered. */
    public static String notification(String method, JsonNode params) {
        ObjectNode out = object().put("jsonrpc", "2.0").put("method", method);
        out.set("params", params);
        return out.toString();
    }
}
