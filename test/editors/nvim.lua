-- Neovim against the server, with the set-up of docs/editors.md loaded before: what must be there for a
-- person to work. Run by `run.mjs`; LSP_FILE is a scratch copy of test/lsp/data/register.jlir.

local failed = 0
local function check(claim, holds)
  io.stdout:write((holds and "ok    " or "FAIL  ") .. claim .. "\n")
  if not holds then failed = failed + 1 end
end
local function eventually(holds) return vim.wait(20000, holds, 10) end

vim.cmd("edit " .. vim.env.LSP_FILE)
local buffer = vim.api.nvim_get_current_buf()
check("the file is of our language", vim.bo.filetype == "julia-ir")

local function messages() return vim.diagnostic.get(buffer) end
check("diagnostics arrive", eventually(function() return #messages() == 2 end))

local line = vim.fn.search("Core.finalizer", "nw") - 1
local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
local first = messages()[1]
-- Neovim counts bytes, the protocol UTF-16 code units; the gutter of the line is neither one byte nor one cell.
check("a diagnostic stands on its statement", first.lnum == line and first.col == text:find("builtin") - 1)
check("a diagnostic has its code", first.code == "finalizer/body-unknown" or
  first.user_data ~= nil and first.user_data.lsp.code == "finalizer/body-unknown")

local _, client = next(vim.lsp.buf_get_clients(buffer))
local document = { uri = vim.uri_from_bufnr(buffer) }
local function ask(method, params)
  params.textDocument = document
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000) or {}
  return (answers[client.id] or {}).result
end

local hover = ask("textDocument/hover", { position = { line = line, character = 16 } })
check("the hover is the ladder", hover ~= nil and hover.contents.value:find("finalizer eligible") ~= nil)
local hints = ask("textDocument/inlayHint", {
  range = { start = { line = 0, character = 0 }, ["end"] = { line = 99, character = 0 } },
})
check("inlay hints are answered", hints ~= nil and #hints > 0)

-- Deleted as the editor's own diff tells it, in the middle of a line behind box-drawing characters.
local start = text:find("builtin", 1, true) - 1
vim.api.nvim_buf_set_text(buffer, line, start, line, #text, { "nothing::Nothing" })
check("an edit takes its diagnostic away", eventually(function() return #messages() == 1 end))
vim.cmd("silent undo")
check("undoing it brings it back", eventually(function() return #messages() == 2 end))
vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { "φ → ∀ 𝔘", "" })
check("lines above move it", eventually(function()
  local all = messages()
  return #all == 2 and all[1].lnum == line + 2
end))

vim.lsp.stop_client(client.id)
check("the server shuts down", eventually(function() return client.is_stopped() end))
vim.cmd(failed == 0 and "qall!" or "cquit!")
