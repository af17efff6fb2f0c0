;;; eglot.el --- Emacs against the server -*- lexical-binding: t -*-

;; With the set-up of docs/editors.md loaded before: what must be there for a person to work. Run by
;; `run.mjs'; LSP_FILE is a scratch copy of test/lsp/data/register.jlir.

(require 'eglot)
(require 'flymake)

(defvar failed 0)

(defun check (claim holds)
  (princ (format "%s%s\n" (if holds "ok    " "FAIL  ") claim))
  (unless holds (setq failed (1+ failed))))

(defun eventually (holds)
  (let ((until (+ (float-time) 20)) (value nil))
    (while (and (not (setq value (funcall holds))) (< (float-time) until))
      (accept-process-output nil 0.02))
    value))

(defun diagnostics-are (count)
  (eventually (lambda () (= count (length (flymake-diagnostics))))))

(setq eglot-sync-connect t eglot-send-changes-idle-time 0)
(find-file (getenv "LSP_FILE"))
(check "the file is of our language" (eq major-mode 'julia-ir-mode))
(apply #'eglot--connect (eglot--guess-contact))
(flymake-start)
(check "diagnostics arrive" (diagnostics-are 2))

(goto-char (point-min))
(search-forward "Core.finalizer")
(let ((first (car (sort (flymake-diagnostics)
                        (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b)))))))
  (check "a diagnostic stands on its statement"
         (and first
              (equal (buffer-substring-no-properties
                      (flymake-diagnostic-beg first) (+ 7 (flymake-diagnostic-beg first)))
                     "builtin"))))

(let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                               (eglot--TextDocumentPositionParams)))
       (words (plist-get (plist-get hover :contents) :value)))
  (check "the hover is the ladder" (and words (string-match-p "finalizer eligible" words))))

(let ((titles (mapcar (lambda (action) (plist-get action :title))
                      (jsonrpc-request (eglot-current-server) :textDocument/codeAction
                                       (list :textDocument (eglot--TextDocumentIdentifier)
                                             :range (list :start (eglot--pos-to-lsp-position)
                                                          :end (eglot--pos-to-lsp-position))
                                             :context '(:diagnostics []))))))
  (check "assumptions are offered"
         (seq-some (lambda (title) (string-prefix-p "Assume " title)) titles)))

(beginning-of-line)
(let ((start (search-forward "builtin")))
  (delete-region (- start 7) (line-end-position))
  (insert "nothing::Nothing"))
(eglot--signal-textDocument/didChange)
(check "an edit takes its diagnostic away" (diagnostics-are 1))

(goto-char (point-min))
(insert "φ → ∀ 𝔘\n\n")
(eglot--signal-textDocument/didChange)
(check "lines above move it"
       (eventually (lambda ()
                     (let ((all (flymake-diagnostics)))
                       (and (= 1 (length all))
                            (equal "builtin"
                                   (buffer-substring-no-properties
                                    (flymake-diagnostic-beg (car all))
                                    (+ 7 (flymake-diagnostic-beg (car all))))))))))

(let ((process (jsonrpc--process (eglot-current-server))))
  (eglot-shutdown (eglot-current-server))
  (check "the server shuts down" (eventually (lambda () (not (process-live-p process))))))

(set-buffer-modified-p nil)
(kill-emacs (if (= failed 0) 0 1))
